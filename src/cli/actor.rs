//! Who gives the orders.

/// `QUARTERDECK_USER`, else the name that was used to log in, else the number of the account.
pub fn actor() -> String {
    named(|name| std::env::var(name).ok()).unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()))
}

fn named(env: impl Fn(&str) -> Option<String>) -> Option<String> {
    let names = ["QUARTERDECK_USER", "LOGNAME", "USER"].into_iter().filter_map(env);
    names.map(|name| name.trim().to_owned()).find(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_ones_own_comes_first() {
        let of = |pairs: &[(&str, &str)]| {
            named(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(of(&[("USER", "root"), ("QUARTERDECK_USER", " ben ")]).as_deref(), Some("ben"));
        assert_eq!(of(&[("USER", "root"), ("LOGNAME", "ann"), ("QUARTERDECK_USER", "")]).as_deref(), Some("ann"));
        assert_eq!(of(&[]), None);
        assert!(!actor().is_empty());
    }
}
