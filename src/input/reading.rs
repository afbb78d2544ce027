//! What the caller may say about inputs that do not speak for themselves: the format, and the names of fields.

use serde::{Deserialize, Serialize};

/// Fields that hold a page, the first that is there counts. Those that end in `_base64` or `_b64` are decoded.
const CONTENT: &[&str] = &[
    "html",
    "raw_html",
    "html_content",
    "html_base64",
    "html_b64",
    "content_base64",
    "content",
    "raw_content",
    "body",
    "text",
];

/// Fields that hold the address.
const URL: &[&str] = &["url", "uri", "source_url", "target_uri"];

/// Fields that hold a name for the page.
const ID: &[&str] = &["id", "doc_id"];

/// How to read inputs that hold many pages. `None` everywhere is the default: look and see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Reading {
    /// The format of the inputs, by the name in [`INPUTS`](crate::INPUTS), instead of by content and extension.
    #[serde(rename = "input-format", skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The field or column that holds the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_field: Option<String>,
    /// The field or column that holds its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_field: Option<String>,
    /// The field or column that holds a name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_field: Option<String>,
    /// The content is in base64.
    pub base64: bool,
}

/// What a field is to dehusk. Fields of one role compete; the lower rank wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Content { rank: usize, base64: bool },
    Url { rank: usize },
    Id { rank: usize },
}

impl Reading {
    /// What a field of this name is.
    pub(super) fn role(&self, name: &str) -> Option<Role> {
        let rank = |named: Option<&str>, usual: &[&str]| match named {
            Some(named) => (named == name).then_some(0),
            None => usual.iter().position(|usual| *usual == name),
        };
        if let Some(rank) = rank(self.content_field.as_deref(), CONTENT) {
            let base64 = self.base64 || name.ends_with("_base64") || name.ends_with("_b64");
            return Some(Role::Content { rank, base64 });
        }
        if let Some(rank) = rank(self.url_field.as_deref(), URL) {
            return Some(Role::Url { rank });
        }
        rank(self.id_field.as_deref(), ID).map(|rank| Role::Id { rank })
    }

    /// The fields in which a page is looked for, for messages.
    pub(super) fn content_fields(&self) -> String {
        self.content_field.clone().unwrap_or_else(|| CONTENT.join(", "))
    }
}

/// Decodes base64, with or without padding and line ends.
pub(super) fn from_base64(text: &[u8]) -> Result<Vec<u8>, String> {
    let bare: Vec<u8> =
        text.iter().copied().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').collect();
    let url_safe = bare.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let encoding = if url_safe { data_encoding::BASE64URL_NOPAD } else { data_encoding::BASE64_NOPAD };
    encoding.decode(&bare).map_err(|error| format!("the content is not base64: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_field_is_the_only_one() {
        let usual = Reading::default();
        assert_eq!(usual.role("html"), Some(Role::Content { rank: 0, base64: false }));
        assert!(matches!(usual.role("html_base64"), Some(Role::Content { base64: true, .. })));
        assert_eq!(usual.role("url"), Some(Role::Url { rank: 0 }));
        assert_eq!(usual.role("title"), None);
        let named = Reading { content_field: Some("title".to_owned()), ..Reading::default() };
        assert_eq!(named.role("html"), None);
        assert_eq!(named.role("title"), Some(Role::Content { rank: 0, base64: false }));
    }

    #[test]
    fn base64_comes_in_several_shapes() {
        for text in ["PHA+Pz4=", "PHA+Pz4", "PHA-Pz4", "PHA+\nPz4=\n"] {
            assert_eq!(from_base64(text.as_bytes()).expect("valid"), b"<p>?>", "{text}");
        }
        assert!(from_base64(b"!").is_err());
    }
}
