//! The names of the months.

/// Names of the months, January first. A name counts from its third letter on where it is the beginning of one.
const MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "januar",
        "jänner",
        "janvier",
        "enero",
        "ene",
        "janeiro",
        "gennaio",
        "gen",
        "januari",
        "января",
        "январь",
        "янв",
        "stycznia",
        "ocak",
        "يناير",
        "ژانویه",
        "січня",
    ],
    &[
        "february",
        "februar",
        "février",
        "febrero",
        "fevereiro",
        "fev",
        "febbraio",
        "februari",
        "февраля",
        "февраль",
        "фев",
        "lutego",
        "şubat",
        "فبراير",
        "فوریه",
        "лютого",
    ],
    &[
        "march",
        "märz",
        "mars",
        "marzo",
        "março",
        "maart",
        "mrt",
        "марта",
        "март",
        "marca",
        "mart",
        "مارس",
        "березня",
    ],
    &[
        "april",
        "avril",
        "abril",
        "abr",
        "aprile",
        "апреля",
        "апрель",
        "kwietnia",
        "nisan",
        "أبريل",
        "ابريل",
        "آوریل",
        "квітня",
    ],
    &[
        "may",
        "mai",
        "mayo",
        "maio",
        "maggio",
        "mag",
        "mei",
        "мая",
        "май",
        "maja",
        "mayıs",
        "maj",
        "مايو",
        "مه",
        "травня",
    ],
    &[
        "june",
        "juni",
        "juin",
        "junio",
        "junho",
        "giugno",
        "giu",
        "июня",
        "июнь",
        "czerwca",
        "haziran",
        "يونيو",
        "ژوئن",
        "червня",
    ],
    &[
        "july",
        "juli",
        "juillet",
        "juil",
        "julio",
        "julho",
        "luglio",
        "lug",
        "июля",
        "июль",
        "lipca",
        "temmuz",
        "يوليو",
        "ژوئیه",
        "липня",
    ],
    &[
        "august",
        "août",
        "agosto",
        "ago",
        "augustus",
        "августа",
        "август",
        "sierpnia",
        "ağustos",
        "أغسطس",
        "اوت",
        "серпня",
    ],
    &[
        "september",
        "sept",
        "septembre",
        "septiembre",
        "setiembre",
        "setembro",
        "set",
        "settembre",
        "сентября",
        "сентябрь",
        "września",
        "eylül",
        "سبتمبر",
        "سپتامبر",
        "вересня",
    ],
    &[
        "october",
        "oktober",
        "okt",
        "octobre",
        "octubre",
        "outubro",
        "out",
        "ottobre",
        "ott",
        "октября",
        "октябрь",
        "października",
        "ekim",
        "أكتوبر",
        "اکتبر",
        "жовтня",
    ],
    &[
        "november",
        "novembre",
        "noviembre",
        "novembro",
        "ноября",
        "ноябрь",
        "listopada",
        "kasım",
        "نوفمبر",
        "نوامبر",
        "листопада",
    ],
    &[
        "december",
        "dezember",
        "dez",
        "décembre",
        "diciembre",
        "dic",
        "dezembro",
        "dicembre",
        "декабря",
        "декабрь",
        "grudnia",
        "aralık",
        "ديسمبر",
        "دسامبر",
        "грудня",
    ],
];

/// The month of this name or its three or four first letters, from 1.
pub(crate) fn month(word: &str) -> Option<u8> {
    let letters = || word.chars().flat_map(char::to_lowercase);
    let (mut first, count) = ([0; 4], letters().count());
    let lead = letters().next()?.encode_utf8(&mut first).as_bytes()[0];
    let begins = |name: &str| letters().zip(name.chars()).all(|(one, other)| one == other);
    let is_whole = |name: &str| match name.chars().count() {
        length if length > 4 && (3..=4).contains(&count) => true,
        length => length == count,
    };
    let names = |name: &str| name.as_bytes()[0] == lead && begins(name) && is_whole(name);
    MONTHS.iter().position(|month| month.iter().any(|name| names(name))).map(|at| at as u8 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months() {
        for (word, number) in
            [("Aug", 8), ("août", 8), ("Sept", 9), ("мая", 5), ("Dez", 12), ("März", 3), ("mai", 5)]
        {
            assert_eq!(month(word), Some(number), "{word}");
        }
        for word in ["ju", "monday", "ma", ""] {
            assert_eq!(month(word), None, "{word}");
        }
    }
}
