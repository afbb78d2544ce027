//! Which pages are wanted.
//!
//! In: a page's path, its address, what came of cleaning it. Out: the setting that it does not meet, by its name, with
//! what was found instead. The cheap questions come first, so that a page which is not wanted by its name is not even
//! read. Repeats are found elsewhere, since they depend on the pages before.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::config::Filter;
use crate::error::Error;
use crate::page::Cleaned;
use crate::spam::Spam;

/// Why a page is not wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reject {
    /// The name of the setting.
    pub(super) reason: &'static str,
    /// What the page has instead, in a few words.
    pub(super) detail: String,
}

impl Reject {
    pub(super) fn new(reason: &'static str, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// A [`Filter`] with its patterns compiled.
#[derive(Debug)]
pub(super) struct Sieve {
    settings: Filter,
    include: GlobSet,
    exclude: GlobSet,
    url_include: GlobSet,
    url_exclude: GlobSet,
}

/// Checks the patterns of a filter.
pub(crate) fn check_patterns(filter: &Filter) -> Result<(), Error> {
    Sieve::new(filter).map(drop)
}

impl Sieve {
    pub(super) fn new(filter: &Filter) -> Result<Self, Error> {
        Ok(Self {
            include: globs("include", &filter.include, true)?,
            exclude: globs("exclude", &filter.exclude, true)?,
            url_include: globs("url-include", &filter.url_include, false)?,
            url_exclude: globs("url-exclude", &filter.url_exclude, false)?,
            settings: filter.clone(),
        })
    }

    /// Judges a page by its path.
    pub(super) fn path(&self, source: &str) -> Result<(), Reject> {
        if !self.include.is_empty() && !self.include.is_match(source) {
            return Err(Reject::new("include", "the path fits no pattern"));
        }
        match self.exclude.matches(source).first() {
            Some(index) => Err(Reject::new("exclude", &self.settings.exclude[*index])),
            None => Ok(()),
        }
    }

    /// Judges a page by its address, if there is one.
    pub(super) fn url(&self, url: Option<&str>) -> Result<(), Reject> {
        let Some(url) = url else {
            let needed = !self.url_include.is_empty();
            return if needed { Err(Reject::new("url-include", "no address")) } else { Ok(()) };
        };
        if !self.url_include.is_empty() && !self.url_include.is_match(url) {
            return Err(Reject::new("url-include", "the address fits no pattern"));
        }
        match self.url_exclude.matches(url).first() {
            Some(index) => Err(Reject::new("url-exclude", &self.settings.url_exclude[*index])),
            None => Ok(()),
        }
    }

    /// Judges a page by what is left of it.
    pub(super) fn cleaned(&self, cleaned: &Cleaned) -> Result<(), Reject> {
        let settings = &self.settings;
        let language = cleaned.metadata.language.as_deref().unwrap_or("unknown");
        if !settings.lang.is_empty() && !settings.lang.iter().any(|code| code == language) {
            return Err(Reject::new("lang", language));
        }
        let (chars, _) = cleaned.chars();
        if chars < settings.min_chars {
            return Err(Reject::new("min-chars", chars.to_string()));
        }
        if cleaned.confidence < settings.min_article_confidence {
            return Err(Reject::new("min-article-confidence", format!("{:.4}", cleaned.confidence)));
        }
        if cleaned.spam.score > settings.max_spam {
            return Err(Reject::new("max-spam", spam_detail(&cleaned.spam)));
        }
        Ok(())
    }
}

/// The share of spam and its kinds with their shares.
fn spam_detail(spam: &Spam) -> String {
    let kinds: Vec<_> = spam.kinds.iter().map(|kind| format!("{} {:.4}", kind.rule, kind.share)).collect();
    format!("{:.4}: {}", spam.score, kinds.join(", "))
}

/// Compiles globs. In a path, `*` ends at a slash, and a glob that does not begin at the root fits from any directory
/// on; in an address `*` takes anything.
fn globs(key: &str, patterns: &[String], is_path: bool) -> Result<GlobSet, Error> {
    let refuse = |error: globset::Error| Error::config(key, error.to_string());
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let anchored = !is_path || pattern.starts_with('/') || pattern.starts_with("**/");
        let pattern = if anchored { pattern.clone() } else { format!("**/{pattern}") };
        let glob = GlobBuilder::new(&pattern).literal_separator(is_path).build().map_err(refuse)?;
        set.add(glob);
    }
    set.build().map_err(refuse)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sieve(filter: &Filter) -> Sieve {
        Sieve::new(filter).expect("valid")
    }

    fn list(patterns: &[&str]) -> Vec<String> {
        patterns.iter().map(|&pattern| pattern.to_owned()).collect()
    }

    #[test]
    fn paths_fit_from_any_directory_on() {
        let sieve = sieve(&Filter {
            include: list(&["*.html", "/x/*"]),
            exclude: list(&["drafts/**", "a?.html"]),
            ..Filter::default()
        });
        for wanted in ["a.html", "in/b.html", "/deep/in/c.html", "/x/y"] {
            assert_eq!(sieve.path(wanted), Ok(()), "{wanted}");
        }
        for (path, reason) in [
            ("in/b.txt", "include"),
            ("/x/y/z", "include"),
            ("in/x/y", "include"),
            ("in/drafts/b/c.html", "exclude"),
            ("a1.html", "exclude"),
        ] {
            assert_eq!(sieve.path(path).expect_err(path).reason, reason, "{path}");
        }
        assert_eq!(sieve.path("drafts/a.html").expect_err("excluded").detail, "drafts/**");
    }

    #[test]
    fn addresses_fit_as_a_whole() {
        let sieve = sieve(&Filter {
            url_include: list(&["https://*.example.org/*", "*?id=*"]),
            url_exclude: list(&["*/tag/*"]),
            ..Filter::default()
        });
        assert_eq!(sieve.url(Some("https://news.example.org/a/b")), Ok(()));
        assert_eq!(sieve.url(Some("http://x/?id=1")), Ok(()));
        for (url, reason) in [
            (Some("https://example.org/a"), "url-include"),
            (Some("https://a.example.org/tag/b"), "url-exclude"),
            (None, "url-include"),
        ] {
            assert_eq!(sieve.url(url).expect_err("filtered").reason, reason, "{url:?}");
        }
        assert_eq!(Sieve::new(&Filter::default()).expect("valid").url(None), Ok(()));
    }

    #[test]
    fn a_cleaned_page_meets_every_setting_or_none() {
        let cleaned = crate::clean("<p>The sea rises and falls twice a day, drawn by the moon and the sun.");
        let (chars, _) = cleaned.chars();
        let with = |filter: Filter| sieve(&filter).cleaned(&cleaned).map_err(|reject| reject.reason);
        assert_eq!(with(Filter { min_chars: chars, ..Filter::default() }), Ok(()));
        assert_eq!(with(Filter { min_chars: chars + 1, ..Filter::default() }), Err("min-chars"));
        assert_eq!(with(Filter { lang: list(&["zh"]), ..Filter::default() }), Err("lang"));
        let sure = Filter { min_article_confidence: 1.0, ..Filter::default() };
        assert_eq!(with(sure), Err("min-article-confidence"));
        assert_eq!(with(Filter { max_spam: 0.0, ..Filter::default() }), Ok(()));
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let filter = Filter { url_exclude: list(&["a[b"]), ..Filter::default() };
        let message = Sieve::new(&filter).expect_err("unclosed").to_string();
        assert!(message.starts_with("configuration: url-exclude: ") && message.contains("a[b"), "{message}");
    }
}
