//! What an address says about where a page came from: its host. It is read as far as dehusk needs it, not checked.

/// The host of an address.
pub(crate) fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(host, _)| host);
    (!host.is_empty()).then_some(host)
}

/// A host as people read it: in lower case, without the dot at its end, and with what stands for letters outside ASCII
/// (`xn--bcher-kva.example`) as these letters. What is no valid such name stays as it is.
#[cfg(feature = "sites")]
pub(crate) fn readable(host: &str) -> String {
    let host = host.trim_end_matches('.').to_lowercase();
    let label = |label: &str| {
        label
            .strip_prefix("xn--")
            .filter(|rest| !rest.is_empty())
            .and_then(punycode)
            .unwrap_or_else(|| label.to_owned())
    };
    host.split('.').map(label).collect::<Vec<_>>().join(".")
}

/// Decodes a label by RFC 3492. By hand: the library for internationalized names is 30 packages, most of them tables
/// for checks that a registry makes, and this is a loop.
#[cfg(feature = "sites")]
fn punycode(label: &str) -> Option<String> {
    const BASE: u32 = 36;
    let (plain, rest) = label.rsplit_once('-').unwrap_or(("", label));
    let mut letters: Vec<char> = plain.chars().collect();
    let (mut letter, mut at, mut bias) = (0x80_u32, 0_u32, 72_u32);
    let mut digits = rest.bytes().peekable();
    while digits.peek().is_some() {
        let (before, mut weight, mut k) = (at, 1_u32, BASE);
        loop {
            let digit = char::from(digits.next()?).to_digit(BASE)?;
            // Letters come before figures here.
            let digit = if digit < 10 { digit + 26 } else { digit - 10 };
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            k += BASE;
        }
        let count = letters.len() as u32 + 1;
        let mut delta = (at - before) / if before == 0 { 700 } else { 2 };
        delta += delta / count;
        let mut steps = 0;
        while delta > 455 {
            delta /= BASE - 1;
            steps += BASE;
        }
        bias = steps + BASE * delta / (delta + 38);
        letter = letter.checked_add(at / count)?;
        at %= count;
        letters.insert(at as usize, char::from_u32(letter)?);
        at += 1;
    }
    Some(letters.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "sites")]
    #[test]
    fn hosts_are_made_readable() {
        for (host, expected) in [
            ("Example.ORG.", "example.org"),
            ("xn--bcher-kva.example", "bücher.example"),
            ("*.XN--BCHER-KVA.example", "*.bücher.example"),
            ("BÜCHER.example", "bücher.example"),
            ("xn--fiqs8s", "中国"),
            ("www.xn--fsqu00a.xn--fiqs8s", "www.例子.中国"),
            ("xn--e1afmkfd.xn--80akhbyknj4f", "пример.испытание"),
            // The Czech sentence of RFC 3492.
            ("xn--proprostnemluvesky-uyb24dma41a", "pročprostěnemluvíčesky"),
            ("xn--kgbechtv", "إختبار"),
            ("xn--.example", "xn--.example"),
            ("xn--a\u{e4}.example", "xn--a\u{e4}.example"),
            ("xn--99999999999999999.example", "xn--99999999999999999.example"),
        ] {
            assert_eq!(readable(host), expected, "{host}");
        }
    }

    #[test]
    fn hosts_are_read_from_addresses() {
        for (url, expected) in [
            ("https://a.example.org/x", Some("a.example.org")),
            ("http://user:word@b.example:8080?q", Some("b.example")),
            ("https://[::1]:80/", Some("[::1]")),
            ("mailto:x", None),
            ("https:///x", None),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
