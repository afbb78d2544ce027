//! What class and id names speak of. `class="leftNavWrap"` speaks of navigation whatever the site.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};

/// Declares the concepts with the parts of names that stand for each. A part counts wherever it stands in a name,
/// or, written `=part`, only as a whole word of it (`ad` in `top-ad` and `topAd`, not in `header`).
macro_rules! concepts {
    ($($variant:ident $name:literal [$($part:literal)*])*) => {
        /// A meaning of a class or id name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Concept {
            $(#[doc = $name] $variant,)*
        }

        /// All concepts with their names.
        pub(crate) const CONCEPTS: &[(Concept, &str)] = &[$((Concept::$variant, $name),)*];

        const PARTS: &[(Concept, &[&str])] = &[$((Concept::$variant, &[$($part),*]),)*];
    };
}

concepts! {
    Navigation "navigation" ["navi" "=nav" "navbar" "menu" "breadcrumb" "crumb" "=tabs" "toolbar" "topbar" "sitemap" "skip"]
    Paging "paging" ["pagination" "paging" "pager" "pagenav" "=next" "=prev" "previous" "loadmore" "load-more"]
    Footer "footer" ["foot" "=bottom" "copyright" "colophon" "=legal" "=icp"]
    Header "header" ["header" "=head" "masthead" "banner" "=logo" "=top" "hero"]
    Side "side" ["sidebar" "=side" "aside" "=rail" "=left" "=right" "leftcol" "rightcol" "=secondary" "widget"]
    Comment "comment" ["comment" "=reply" "replies" "respond" "disqus" "=cmt" "pinglun" "liuyan"]
    Forum "forum" ["forum" "thread" "=post" "=posts" "message" "topic" "=answer" "answers" "question" "discussion" "=bbs"]
    Share "share" ["share" "sharing" "social" "=like" "=likes" "follow" "facebook" "twitter" "weibo" "=vote"]
    Related "related" ["related" "recommend" "=more" "popular" "trending" "latest" "=hot" "suggest" "similar" "readnext" "tuijian" "xiangguan" "=recent" "=also"]
    Promotion "promotion" ["promo" "advert" "=ad" "=ads" "sponsor" "=cta" "newsletter" "subscri" "signup" "sign-up" "donat" "offer" "guanggao" "=dfp" "optin"]
    Byline "byline" ["author" "byline" "=by" "avatar" "=bio" "profile" "=user" "username"]
    Meta "meta" ["meta" "=date" "=time" "timestamp" "published" "=info" "=source" "laiyuan"]
    Tagging "tagging" ["=tag" "=tags" "category" "categories" "keyword" "=cat" "label" "=chip" "=badge"]
    Body "body" ["content" "article" "=body" "=entry" "=text" "story" "=main" "zhengwen" "neirong" "richtext" "prose" "markdown" "wysiwyg"]
    Title "title" ["title" "headline" "=heading" "biaoti" "subject"]
    Lead "lead" ["=lead" "summary" "excerpt" "intro" "teaser" "=dek" "standfirst" "abstract" "description" "=desc" "snippet"]
    Form "form" ["=form" "search" "login" "=input" "=field" "checkout" "=cart" "filter" "=sort" "button" "=btn" "=submit" "dropdown" "=select"]
    Notice "notice" ["cookie" "consent" "gdpr" "modal" "popup" "overlay" "dialog" "alert" "toast" "paywall" "=notice" "tooltip" "lightbox"]
    Picture "picture" ["caption" "image" "=img" "gallery" "figure" "photo" "=media" "video" "carousel" "slide" "swiper" "thumb"]
    Product "product" ["product" "price" "=sku" "rating" "review" "spec" "=shop" "stock" "=buy"]
    List "list" ["=list" "=grid" "=card" "cards" "=item" "=items" "=row" "=tile" "archive" "=feed" "=results"]
    Faq "faq" ["=faq" "faqs" "accordion" "collapse" "=toggle" "=tab" "=panel"]
    Contents "contents" ["=toc" "table-of-contents" "tableofcontents" "outline" "=anchor"]
    Code "code" ["=code" "highlight" "syntax" "=pre" "=hljs" "prettyprint" "codeblock"]
    Hidden "hidden" ["=hidden" "=hide" "sr-only" "visually-hidden" "screen-reader" "=invisible" "=offscreen" "noprint" "print-only"]
    Testimonial "testimonial" ["testimonial" "=quote" "client" "partner" "feature" "benefit" "service" "=team" "=stats" "pricing"]
    Links "links" ["=link" "=links" "friendlink" "youqing" "sitelinks" "blogroll" "=tools" "quicklink"]
    Disclaimer "disclaimer" ["disclaim" "disclosure" "=note" "=notes" "correction" "=footnote" "=terms" "privacy" "affiliate"]
}

/// A set of concepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Concepts(u32);

impl Concepts {
    pub(crate) fn with(self, concept: Concept) -> Self {
        Self(self.0 | 1 << concept as u8)
    }

    pub(crate) fn has(self, concept: Concept) -> bool {
        self.0 >> concept as u8 & 1 == 1
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Finds concepts in attribute values in one pass.
#[derive(Debug)]
pub(super) struct ConceptMatcher {
    automaton: AhoCorasick,
    /// For each pattern: its concept, and whether it must be a whole word.
    patterns: Vec<(Concept, bool)>,
}

impl ConceptMatcher {
    pub(super) fn new() -> Self {
        let all = || PARTS.iter().flat_map(|(concept, parts)| parts.iter().map(|part| (*concept, *part)));
        let patterns = all().map(|(concept, part)| (concept, part.starts_with('='))).collect();
        let automaton = AhoCorasickBuilder::new()
            .kind(Some(AhoCorasickKind::DFA))
            .ascii_case_insensitive(true)
            .build(all().map(|(_, part)| part.trim_start_matches('=')))
            .expect("a few hundred short patterns fit an automaton");
        Self { automaton, patterns }
    }

    pub(super) fn find(&self, names: &str) -> Concepts {
        let bytes = names.as_bytes();
        let mut found = Concepts::default();
        for hit in self.automaton.find_overlapping_iter(bytes) {
            let (concept, whole) = self.patterns[hit.pattern().as_usize()];
            if !whole || is_word(bytes, hit.start(), hit.end()) {
                found = found.with(concept);
            }
        }
        found
    }
}

/// Whether `start..end` is a word of a name: parted by punctuation, digits, or a change to upper case.
fn is_word(name: &[u8], start: usize, end: usize) -> bool {
    let parts_before = start == 0
        || !name[start - 1].is_ascii_alphabetic()
        || name[start - 1].is_ascii_lowercase() && name[start].is_ascii_uppercase();
    let parts_after = end == name.len()
        || !name[end].is_ascii_alphabetic()
        || name[end - 1].is_ascii_lowercase() && name[end].is_ascii_uppercase();
    parts_before && parts_after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concepts_fit_the_set() {
        assert!(CONCEPTS.len() <= 32);
    }

    #[test]
    fn parts_and_whole_words() {
        let matcher = ConceptMatcher::new();
        let names = |value: &str| {
            let found = matcher.find(value);
            CONCEPTS.iter().filter(|(c, _)| found.has(*c)).map(|(_, name)| *name).collect::<Vec<_>>()
        };
        assert_eq!(names("leftNavWrap"), ["navigation", "side"]);
        assert_eq!(names("top-ad_1"), ["header", "promotion"]);
        assert_eq!(names("shadow"), [""; 0]);
        assert_eq!(names("topAd"), ["header", "promotion"]);
        assert_eq!(names("post-comments"), ["comment", "forum"]);
    }
}
