//! The terminal's clipboard through OSC 52. Whether anything arrives cannot be known.

/// Longest text in base64 that terminals are known to take.
const LONGEST: usize = 74_994;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes that ask the terminal to take a text; `None` where it is too long for one.
///
/// Inside tmux the request is repeated in tmux's wrapping: which of the two passes is tmux's setting.
pub fn request(text: &str, in_tmux: bool) -> Option<Vec<u8>> {
    let encoded = base64(text.as_bytes());
    if encoded.len() > LONGEST {
        return None;
    }
    let plain = format!("\x1b]52;c;{encoded}\x07");
    let wrapped = if in_tmux { format!("\x1bPtmux;\x1b{plain}\x1b\\") } else { String::new() };
    Some((plain + &wrapped).into_bytes())
}

fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let sextet = ALPHABET[(group >> (18 - 6 * i) & 63) as usize];
            out.push(if i > chunk.len() { '=' } else { char::from(sextet) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_follows_rfc_4648() {
        let expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        for (n, encoded) in expected.iter().enumerate() {
            assert_eq!(base64(&"foobar".as_bytes()[..n]), *encoded);
        }
    }

    #[test]
    fn a_request_is_plain_and_in_tmux_wrapped_as_well() {
        assert_eq!(request("foo", false).unwrap(), b"\x1b]52;c;Zm9v\x07");
        assert_eq!(request("foo", true).unwrap(), b"\x1b]52;c;Zm9v\x07\x1bPtmux;\x1b\x1b]52;c;Zm9v\x07\x1b\\");
        assert_eq!(request(&"x".repeat(60_000), false), None);
    }
}
