//! Words of bylines: what announces an author, what is part of a name, and names that stand for nobody.

use crate::blocks::chars::is_lower_case_of;

/// Labels of a field that holds the author's name.
const AUTHOR_LABELS: &[&str] =
    &["written by", "by", "author", "verfasst von", "écrit par", "escrito por", "作者"];

/// Whether a label in lower case announces the author's name.
pub(crate) fn is_author_label(label: &str) -> bool {
    AUTHOR_LABELS.contains(&label)
}

/// Names that stand for nobody.
const NOBODY: &[&str] = &[
    "subscribe",
    "share",
    "follow",
    "oldest",
    "newest",
    "members",
    "member",
    "reply",
    "login",
    "log in",
    "sign in",
    "sign up",
    "search",
    "menu",
    "home",
    "posts",
    "comments",
    "profile",
    "more",
    "contact",
    "about",
    "news",
    "sound",
    "read more",
    "view profile",
    "view all posts",
    "new member",
    "moderator",
    "community",
    "guest author",
    "team",
    "contributor",
    "communitybot",
    "system",
    "automoderator",
    "share this",
    "all posts",
    "follow us",
    "blog",
    "print",
    "admin",
    "administrator",
    "webmaster",
    "guest",
    "anonymous",
    "unknown",
    "root",
    "user",
    "author",
    "authors",
    "editor",
    "none",
    "null",
    "undefined",
    "n/a",
    "by",
    "staff",
    "wordpress",
    "superuser",
    "super user",
    "deleted",
    "管理员",
    "佚名",
    "匿名",
    "小编",
    "编辑",
    "网友",
    "未知",
    "本站",
    "管理者",
    "관리자",
    "匿名さん",
];

/// Whether a name stands for nobody.
pub(crate) fn is_nobody(name: &str) -> bool {
    NOBODY.iter().any(|nobody| is_lower_case_of(nobody, name))
}

/// Titles and degrees that follow a name after a comma.
const SUFFIXES: &[&str] = &[
    "jr", "sr", "ii", "iii", "md", "phd", "mba", "esq", "rn", "cpa", "cfa", "ma", "msc", "ms", "bsc", "dds",
    "dvm", "vmd", "rd", "jd", "llc", "inc", "ltd", "mph", "edd", "psyd", "lcsw", "pe", "cfp", "do", "np",
    "faap", "facp",
];

/// Whether what follows a comma belongs to the name before it.
pub(crate) fn is_name_suffix(part: &str) -> bool {
    let bare = || part.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let is_short = || bare().map(char::len_utf8).sum::<usize>() <= 6;
    SUFFIXES.iter().any(|suffix| bare().eq(suffix.chars()))
        || !part.contains(char::is_lowercase) && is_short()
}

/// Parts of names that begin with a small letter.
const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den",
    "ter", "ten", "zu", "zur", "bin", "ibn", "al", "el", "y", "e", "san", "af", "av",
];

/// Whether a word is part of names though it begins with a small letter.
pub(crate) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// Joins two names.
pub(crate) const AND: &[&str] =
    &[" and ", " & ", " und ", " et ", " y ", " и ", " with ", "、", "；", ";", " / ", " | "];
