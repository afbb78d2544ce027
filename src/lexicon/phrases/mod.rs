//! Phrases that rules look for, by group and language.
//!
//! Comes in: text. Goes out: where phrases of which [`Group`] stand in it, found in one pass. What a find means is
//! for a rule to say: a phrase alone cuts nothing.
//!
//! Each language is one file: `[group]` starts a group, every other line is a phrase in lower case, `#` starts a
//! comment. A phrase in a script with spaces must stand as whole words, or with a `*` at its end begin one. It is
//! found in lower, upper and title case.

mod index;

use std::collections::BTreeMap;
use std::iter;

use crate::blocks::chars;
use crate::page::Page;
use index::Index;

const LANGUAGES: &[(&str, &str)] = &[
    ("ar", include_str!("ar.txt")),
    ("cs", include_str!("cs.txt")),
    ("da", include_str!("da.txt")),
    ("de", include_str!("de.txt")),
    ("el", include_str!("el.txt")),
    ("en", include_str!("en.txt")),
    ("es", include_str!("es.txt")),
    ("fa", include_str!("fa.txt")),
    ("fi", include_str!("fi.txt")),
    ("fr", include_str!("fr.txt")),
    ("he", include_str!("he.txt")),
    ("hi", include_str!("hi.txt")),
    ("hu", include_str!("hu.txt")),
    ("id", include_str!("id.txt")),
    ("it", include_str!("it.txt")),
    ("ja", include_str!("ja.txt")),
    ("ko", include_str!("ko.txt")),
    ("nb", include_str!("nb.txt")),
    ("nl", include_str!("nl.txt")),
    ("pl", include_str!("pl.txt")),
    ("pt", include_str!("pt.txt")),
    ("ro", include_str!("ro.txt")),
    ("ru", include_str!("ru.txt")),
    ("sv", include_str!("sv.txt")),
    ("tr", include_str!("tr.txt")),
    ("uk", include_str!("uk.txt")),
    ("vi", include_str!("vi.txt")),
    ("zh-Hans", include_str!("zh-Hans.txt")),
    ("zh-Hant", include_str!("zh-Hant.txt")),
];

/// Declares the groups with their names in the files.
macro_rules! groups {
    ($($(#[$doc:meta])* $variant:ident $name:literal)*) => {
        /// What a phrase is a sign of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Group {
            $($(#[$doc])* $variant,)*
        }

        const GROUPS: &[(Group, &str)] = &[$((Group::$variant, $name),)*];
    };
}

groups! {
    /// Opens a disclaimer.
    DisclaimerLabel "disclaimer_label"
    /// Legal notices' own wording.
    Notice "notice"
    /// The page or its text, as notices speak of it.
    Subject "subject"
    /// Where a text was taken from, in general.
    Origin "origin"
    /// Who answers for what.
    Liability "liability"
    /// What a text may be used for.
    Reference "reference"
    /// Copyright and the like.
    Rights "rights"
    /// What is done on a complaint.
    Removal "removal"
    /// Whose opinion it is.
    Stance "stance"
    /// A text was changed or fetched.
    Edited "edited"
    /// Stands before a number or account.
    ContactLabel "contact_label"
    /// Asks for a call or message.
    ContactCall "contact_call"
    /// Entries of menus and footers.
    NavItem "nav_item"
    /// The site's first page.
    Home "home"
    /// Opens a breadcrumb line.
    Here "here"
    /// The pages before and after.
    PreviousNext "previous_next"
    /// Share and like buttons.
    Share "share"
    /// Where to share.
    ShareSite "share_site"
    /// Buttons beside those to share.
    Button "button"
    /// Accounts to follow, codes to scan, apps to load.
    Follow "follow"
    /// What to do with them.
    FollowVerb "follow_verb"
    /// What there is to follow.
    Channel "channel"
    /// Whose it is.
    Ours "ours"
    /// Cookies.
    Cookie "cookie"
    /// What cookie banners ask.
    Consent "consent"
    /// Newsletters.
    Newsletter "newsletter"
    /// What forms for newsletters ask.
    SignUp "sign_up"
    /// What a page without scripts asks for.
    ScriptWord "script_word"
    /// The rest is for subscribers.
    Paywall "paywall"
    /// Registrations of Chinese sites.
    Icp "icp"
    /// Who edited, checked, supplied the text.
    Credit "credit"
    /// Opens a list of tags.
    TagsLabel "tags_label"
    /// Points to other texts.
    Related "related"
    /// Opens readers' comments, or asks for one.
    Comments "comments"
    /// Opens a list of other sites.
    FriendLinks "friend_links"
    /// Spam's trades.
    Gambling "gambling"
    Pharma "pharma"
    Loans "loans"
    Escorts "escorts"
    Essays "essays"
    Invoices "invoices"
    Replica "replica"
    Hacks "hacks"
    /// Trades and goods of honest firms, as their advertisements name them.
    Services "services"
    /// Words of selling.
    Sell "sell"
    /// Words that tell something only beside others of their kind: of legal notices.
    LegalWord "legal_word"
    /// Of channels to follow.
    ChannelWord "channel_word"
    /// Of consent, sign-up and payment.
    AccessWord "access_word"
    /// Of calling and writing.
    ContactWord "contact_word"
    /// Of menus and links to other pages.
    MenuWord "menu_word"
    /// Of dates and changes.
    DateWord "date_word"
    /// Roots of the words in which sites speak of themselves, their texts and their readers: any article has some of
    /// them, few sentences have little else.
    SiteRoot "site_root"
    /// The same of offers.
    OfferRoot "offer_root"
}

impl Group {
    /// Its name in the files and in evidence.
    pub(crate) fn name(self) -> &'static str {
        GROUPS[self as usize].1
    }

    /// As the bit of a set.
    pub(crate) const fn bit(self) -> u64 {
        1 << self as u8
    }

    /// The set of some groups.
    pub(crate) const fn set(groups: &[Self]) -> u64 {
        let (mut set, mut at) = (0, 0);
        while at < groups.len() {
            set |= groups[at].bit();
            at += 1;
        }
        set
    }
}

/// A phrase in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Bytes from the start of the text.
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) group: Group,
}

/// Finds phrases of all groups and languages in one pass.
#[derive(Debug)]
pub(super) struct Phrases {
    index: Index,
    /// What phrases are signs of, each once, in the order of the index's kinds.
    signs: Vec<Signs>,
}

/// What a phrase is a sign of: sets of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Signs {
    /// Where it stands as whole words.
    whole: u64,
    /// Where more letters may follow it, too.
    open: u64,
}

impl Phrases {
    pub(super) fn new() -> Self {
        let mut forms: BTreeMap<String, Signs> = BTreeMap::new();
        for (language, file) in LANGUAGES {
            for (group, phrase) in entries(file) {
                let open = phrase.ends_with('*');
                for form in cases(language, phrase.trim_end_matches('*')) {
                    let signs = forms.entry(form).or_default();
                    *(if open { &mut signs.open } else { &mut signs.whole }) |= group.bit();
                }
            }
        }
        let mut signs: Vec<Signs> = forms.values().copied().collect();
        signs.sort_unstable();
        signs.dedup();
        let kind = |of: &Signs| signs.partition_point(|signs| signs < of) as u16;
        let phrases = forms.iter().map(|(form, of)| (form.as_str(), kind(of))).collect();
        Self { index: Index::new(phrases), signs }
    }

    /// All phrases in a text, by where they start, longer ones first; they may overlap.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        // Few texts have more.
        let mut found = Vec::with_capacity(text.len() / 32);
        self.index.find(&text.to_ascii_lowercase(), |start, length, kind| {
            let end = start + length;
            let Signs { whole, open } = self.signs[kind];
            let of = |groups, open| if groups != 0 && is_whole(text, start, end, open) { groups } else { 0 };
            for group in groups_of(of(whole, false) | of(open, true)) {
                found.push(Found { start: start as u32, end: end as u32, group });
            }
        });
        found
    }
}

/// The groups of a set, in their order.
fn groups_of(set: u64) -> impl Iterator<Item = Group> {
    let next = |rest: &u64| Some(rest & (rest - 1)).filter(|rest| *rest != 0);
    iter::successors(Some(set).filter(|set| *set != 0), next)
        .map(|rest| GROUPS[rest.trailing_zeros() as usize].0)
}

/// The phrases of all blocks of a page.
#[derive(Debug)]
pub(crate) struct PagePhrases {
    found: Vec<Found>,
    /// Where the phrases of each block start; one more at the end.
    starts: Vec<u32>,
    /// The groups in each block.
    groups: Vec<u64>,
}

impl PagePhrases {
    pub(super) fn of(page: &Page, phrases: &Phrases) -> Self {
        let found = phrases.find(&page.text);
        let mut starts = Vec::with_capacity(page.blocks.len() + 1);
        let mut groups = Vec::with_capacity(page.blocks.len());
        let mut at = 0;
        for block in &page.blocks {
            starts.push(at as u32);
            let count = found[at..].iter().take_while(|f| f.start < block.text.end).count();
            groups.push(found[at..at + count].iter().fold(0, |set, f| set | f.group.bit()));
            at += count;
        }
        starts.push(at as u32);
        Self { found, starts, groups }
    }

    /// The phrases in a block, in the order of [`Phrases::find`], with bytes of the page's text.
    pub(crate) fn of_block(&self, block: usize) -> &[Found] {
        &self.found[self.starts[block] as usize..self.starts[block + 1] as usize]
    }

    /// The groups of phrases in a block.
    pub(crate) fn groups(&self, block: usize) -> u64 {
        self.groups[block]
    }
}

/// The entries of a file with their groups.
fn entries(file: &str) -> impl Iterator<Item = (Group, &str)> {
    let mut current = None;
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).filter_map(
        move |line| {
            let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
                return current.map(|group| (group, line));
            };
            current = GROUPS.iter().find(|(_, known)| *known == name).map(|(group, _)| *group);
            None
        },
    )
}

/// A phrase as it may be written, with ASCII letters in lower case: so they are in the text.
fn cases(language: &str, phrase: &str) -> Vec<String> {
    // The capital of a Turkish i keeps its dot.
    let dotted = |c: &char| language == "tr" && *c == 'i';
    let upper = |c: char| if dotted(&c) { "İ".to_owned() } else { c.to_uppercase().collect() };
    let mut forms = vec![phrase.to_owned()];
    if !phrase.is_ascii() || phrase.chars().any(|c| dotted(&c)) {
        let mut letters = phrase.chars();
        let first = letters.next().map(upper).unwrap_or_default();
        forms.push(first + letters.as_str());
        forms.push(phrase.to_uppercase());
        forms.push(phrase.chars().map(upper).collect());
    }
    // Apostrophes and full-width colons are a matter of taste.
    if phrase.contains('\'') {
        forms.extend(forms.clone().iter().map(|form| form.replace('\'', "’")));
    }
    for form in &mut forms {
        form.make_ascii_lowercase();
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Whether `start..end` begins and ends where words do, in scripts that part them.
fn is_whole(text: &str, start: usize, end: usize, open: bool) -> bool {
    let spaced = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !chars::is_cjk(c));
    let inside = &text[start..end];
    let joined_before = spaced(inside.chars().next())
        && spaced(text[..start].chars().next_back().filter(|c| c.is_alphabetic()));
    let joined_after = spaced(inside.chars().next_back())
        && spaced(text[end..].chars().next().filter(|c| c.is_alphabetic()));
    !joined_before && (open || !joined_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_root(found: &Found) -> bool {
        matches!(found.group, Group::SiteRoot | Group::OfferRoot)
    }

    /// What is found, without roots of words.
    fn groups(text: &str) -> Vec<(&'static str, String)> {
        let found = Phrases::new().find(text);
        found
            .iter()
            .filter(|f| !is_root(f))
            .map(|f| (f.group.name(), text[f.start as usize..f.end as usize].to_owned()))
            .collect()
    }

    #[test]
    fn groups_fit_a_set_and_files_name_known_ones() {
        assert!(GROUPS.len() <= 64);
        for (language, file) in LANGUAGES {
            for line in file.lines().filter(|line| line.starts_with('[')) {
                let name = line.trim_matches(['[', ']']);
                assert!(GROUPS.iter().any(|(_, known)| *known == name), "{language}: unknown group {line}");
            }
        }
    }

    #[test]
    fn every_group_has_phrases() {
        for (group, name) in GROUPS {
            let has = |file: &str| entries(file).any(|(of, _)| of == *group);
            assert!(LANGUAGES.iter().any(|(_, file)| has(file)), "{name} is empty");
        }
    }

    #[test]
    fn phrases_are_lower_case_and_named_once_a_group() {
        for (language, file) in LANGUAGES {
            let mut seen = std::collections::BTreeSet::new();
            for (group, phrase) in entries(file) {
                assert!(
                    seen.insert((group.name(), phrase)),
                    "{language}: {phrase} stands twice in {}",
                    group.name()
                );
            }
        }
    }

    #[test]
    fn whole_words_in_any_case() {
        assert_eq!(
            groups("All Rights Reserved."),
            [("notice", "All Rights Reserved".to_owned()), ("rights", "Rights Reserved".to_owned())]
        );
        assert_eq!(
            groups("ЧИТАЙТЕ ТАКЖЕ"),
            [("related", "ЧИТАЙТЕ ТАКЖЕ".to_owned()), ("follow_verb", "ЧИТАЙТЕ".to_owned())]
        );
        for label in ["ilgili haber", "İlgili haber", "İLGİLİ HABER", "ILGILI HABER"] {
            assert!(groups(label).contains(&("related", label.to_owned())), "{label}");
        }
        assert_eq!(groups("attelier nexted"), []);
        // The one is whole words, the other begins words.
        assert!(!groups("buyers").iter().any(|(group, _)| *group == "sell"));
        assert!(groups("guarantees").contains(&("liability", "guarantee".to_owned())));
        assert!(groups("重新编辑于").iter().any(|(group, _)| *group == "edited"));
    }

    #[test]
    fn roots_of_many_languages_are_no_words_of_a_tale() {
        let phrases = Phrases::new();
        let roots = |text: &str| phrases.find(text).iter().filter(|f| is_root(f)).count();
        for notice in [
            "De redactie is niet verantwoordelijk voor de inhoud",
            "Regulamin i polityka prywatności serwisu",
            "Yazarların görüşleri gazetemizi bağlamaz, izinsiz yayınlanamaz",
            "Обмін даними лише за згодою редакції",
            "يمنع نشر المحتوى دون إذن",
            "खाता बनाएं और लेख पढ़ें",
        ] {
            assert!(roots(notice) >= 2, "{notice}");
        }
        let tale = "The danger grew as the level of the river rose, and perhaps a hundred people stood on the side \
                    of the hill, listing in their minds what the stronger men had carried up to the cemetery";
        assert_eq!(roots(tale), 0);
    }

    #[test]
    fn digits_may_touch_a_phrase() {
        assert!(groups("QQ12345").contains(&("contact_label", "QQ".to_owned())));
    }
}
