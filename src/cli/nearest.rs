//! The known name that a mistyped one most likely meant.

/// The nearest of some names; `None` when nothing is near.
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_ascii_lowercase().replace('-', "_");
    let far = typed.chars().count() / 2 + 1;
    names.map(|name| (score(&typed, name), name)).filter(|(score, _)| *score <= far).min().map(|(_, name)| name)
}

/// Edits between two names; a name that begins with what was typed is one edit away.
fn score(typed: &str, name: &str) -> usize {
    if typed.len() > 1 && name.starts_with(typed) { 1 } else { edits(typed, name) }
}

/// Levenshtein distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        let names = ["active_users", "net_revenue", "paid_rate"];
        assert_eq!(nearest("activ-users", names.into_iter()), Some("active_users"));
        assert_eq!(nearest("netrevenue", names.into_iter()), Some("net_revenue"));
        assert_eq!(nearest("paid", names.into_iter()), Some("paid_rate"));
        assert_eq!(nearest("zzzzzzzz", names.into_iter()), None);
        assert_eq!(edits("kitten", "sitting"), 3);
    }
}
