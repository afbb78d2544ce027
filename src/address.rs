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

#[cfg(test)]
mod tests {
    use super::*;

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
