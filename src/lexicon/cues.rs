//! Phrases beside names and dates, and what each says of them: who wrote, who edited, which date it is.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

/// What a phrase says about the name or date beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cue {
    /// An author's name follows.
    Author,
    /// An author's name follows, if the phrase begins a line or a part of one: the words are common elsewhere.
    By,
    /// An author's name goes before.
    Writer,
    /// A name that is no author follows: an editor, a source, a photographer.
    Other,
    /// The date was the first publication.
    Published,
    /// The date is the last change.
    Modified,
    /// The date is of something else: an event, an account, a comment.
    Unrelated,
}

/// The phrases, in both cases where a script other than the Latin has them.
const CUES: &[(Cue, &[&str])] = &[
    (
        Cue::Author,
        &[
            "written by",
            "text by",
            "recipe by",
            "posted by",
            "published by",
            "story by",
            "words by",
            "article by",
            "author:",
            "authors:",
            "author",
            "authored by",
            "reported by",
            "created by",
            "submitted by",
            "started by",
            "asked by",
            "geschrieben von",
            "verfasst von",
            "veröffentlicht von",
            "autor:",
            "autorin:",
            "écrit par",
            "publié par",
            "rédigé par",
            "auteur :",
            "auteur:",
            "escrito por",
            "publicado por",
            "redactado por",
            "scritto da",
            "pubblicato da",
            "a cura di",
            "autore:",
            "geschreven door",
            "door:",
            "napisał",
            "autor",
            "skrevet av",
            "作者",
            "撰文",
            "撰稿",
            "文/",
            "文／",
            "文|",
            "文｜",
            "記者/",
            "记者/",
            "本报记者",
            "本报讯 记者",
            "作者名",
            "发布者",
            "发布人",
            "發佈者",
            "楼主",
            "著者",
            "執筆者",
            "執筆",
            "筆者",
            "投稿者",
            "文＝",
            "文:",
            "文：",
            "글쓴이",
            "작성자",
            "글·",
            "Автор",
            "автор",
            "АВТОР",
            "Автор:",
            "Текст:",
            "Автори",
            "الكاتب",
            "بقلم",
            "نویسنده",
        ],
    ),
    (Cue::By, &["by", "von", "par", "por", "di", "door", "av", "od", "przez", "yazan"]),
    (Cue::Writer, &["기자", "特派员", "특파원"]),
    (
        Cue::Other,
        &[
            "edited by",
            "photo by",
            "photos by",
            "photograph by",
            "photography by",
            "image by",
            "illustration by",
            "reviewed by",
            "medically reviewed by",
            "fact checked by",
            "fact-checked by",
            "translated by",
            "updated by",
            "last edited by",
            "sponsored by",
            "powered by",
            "replied by",
            "answered by",
            "editor:",
            "source:",
            "quelle:",
            "fuente:",
            "fonte:",
            "source :",
            "foto:",
            "photo:",
            "责任编辑",
            "责编",
            "编辑",
            "編輯",
            "責任編輯",
            "来源",
            "來源",
            "摄影",
            "攝影",
            "图/",
            "图／",
            "图片来源",
            "翻译",
            "译者",
            "校对",
            "审核",
            "監修",
            "編集",
            "翻訳",
            "출처",
            "사진",
            "Источник",
            "источник",
            "Фото",
            "Редактор",
            "المصدر",
        ],
    ),
    (
        Cue::Published,
        &[
            "published",
            "published on",
            "publication date",
            "date published",
            "posted",
            "posted on",
            "first published",
            "released",
            "release date",
            "created",
            "created on",
            "date:",
            "on:",
            "issued",
            "submitted",
            "asked",
            "veröffentlicht",
            "veröffentlicht am",
            "erstellt am",
            "stand:",
            "publié le",
            "mis en ligne le",
            "publicado",
            "publicado el",
            "publicado em",
            "fecha",
            "pubblicato il",
            "pubblicato",
            "data:",
            "gepubliceerd",
            "opublikowano",
            "发表",
            "发表于",
            "发布",
            "发布于",
            "发布时间",
            "发布日期",
            "发表时间",
            "日期",
            "时间",
            "發表",
            "發表於",
            "發佈",
            "發布時間",
            "發佈時間",
            "公開日",
            "公開",
            "投稿日",
            "掲載日",
            "配信",
            "掲載",
            "作成日",
            "입력",
            "등록",
            "작성일",
            "게시",
            "등록일",
            "Опубликовано",
            "опубликовано",
            "Дата публикации",
            "Дата",
            "Размещено",
            "نشر في",
            "تاريخ النشر",
            "تاریخ انتشار",
            "yayınlanma",
        ],
    ),
    (
        Cue::Modified,
        &[
            "updated",
            "updated on",
            "last updated",
            "last update",
            "date updated",
            "modified",
            "last modified",
            "edited",
            "last edited",
            "revised",
            "last revised",
            "last reviewed",
            "reviewed on",
            "aktualisiert",
            "aktualisiert am",
            "zuletzt aktualisiert",
            "zuletzt geändert",
            "letzte aktualisierung",
            "letzte änderung",
            "mis à jour",
            "mis à jour le",
            "modifié le",
            "actualizado",
            "actualizado el",
            "última actualización",
            "atualizado",
            "atualizado em",
            "última atualização",
            "aggiornato",
            "aggiornato il",
            "ultimo aggiornamento",
            "bijgewerkt",
            "aktualizacja",
            "重新编辑",
            "最后修改",
            "最后编辑",
            "最后更新",
            "更新时间",
            "更新日期",
            "更新于",
            "修改时间",
            "修改于",
            "更新",
            "编辑于",
            "重新編輯",
            "最後修改",
            "最後更新",
            "更新時間",
            "更新日",
            "最終更新",
            "最終更新日",
            "수정",
            "업데이트",
            "최종수정",
            "Обновлено",
            "обновлено",
            "Изменено",
            "Последнее изменение",
            "آخر تحديث",
            "تحديث",
            "güncelleme",
        ],
    ),
    (
        Cue::Unrelated,
        &[
            "joined",
            "member since",
            "copyright",
            "©",
            "born",
            "deadline",
            "expires",
            "valid until",
            "replied",
            "commented",
            "ends",
            "begins",
            "due",
            "注册",
            "注册时间",
            "加入于",
            "截止",
            "回复",
            "回复于",
            "版权所有",
            "登録日",
            "가입",
            "Регистрация",
        ],
    ),
];

/// A phrase found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CueHit {
    pub(crate) cue: Cue,
    /// Bytes of the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Finds the phrases in one pass.
#[derive(Debug)]
pub(super) struct CueMatcher {
    automaton: AhoCorasick,
    cues: Vec<Cue>,
}

impl CueMatcher {
    pub(super) fn new() -> Self {
        let all = || CUES.iter().flat_map(|(cue, phrases)| phrases.iter().map(|phrase| (*cue, *phrase)));
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(all().map(|(_, phrase)| phrase))
            .expect("a few hundred short phrases fit an automaton");
        Self { automaton, cues: all().map(|(cue, _)| cue).collect() }
    }

    /// The phrases that are whole words, in order.
    pub(super) fn find(&self, text: &str) -> Vec<CueHit> {
        let hits = self.automaton.find_iter(text).map(|hit| CueHit {
            cue: self.cues[hit.pattern().as_usize()],
            start: hit.start(),
            end: hit.end(),
        });
        hits.filter(|hit| is_whole(text, hit.start, hit.end)).collect()
    }
}

/// Whether no letter of an alphabetic word goes on before or after.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let in_word = |c: char| c.is_alphabetic() && !('\u{3000}'..='\u{D7FF}').contains(&c);
    let phrase = &text[start..end];
    let goes_on =
        |inner: Option<char>, outer: Option<char>| inner.is_some_and(in_word) && outer.is_some_and(in_word);
    !goes_on(phrase.chars().next(), text[..start].chars().next_back())
        && !goes_on(phrase.chars().next_back(), text[end..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_whole_words_and_the_longest_wins() {
        let matcher = CueMatcher::new();
        let cues = |text: &str| matcher.find(text).iter().map(|hit| hit.cue).collect::<Vec<_>>();
        assert_eq!(cues("Last Updated 3 May"), [Cue::Modified]);
        assert_eq!(cues("Bypass the unposted"), []);
        assert_eq!(cues("2023-09-30重新编辑 责任编辑"), [Cue::Modified, Cue::Other]);
        assert_eq!(cues("Автор: Иван"), [Cue::Author]);
    }
}
