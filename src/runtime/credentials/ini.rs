//! Parses a profile file as the AWS CLI does (with Python's `configparser`): keys may be indented, `:` is equivalent to
//! `=`, and anything after `]` is ignored. Damage affects only the section that contains it.

/// A parsed file.
#[derive(Debug, Default)]
pub(super) struct Ini {
    /// The sections in file order. A repeated header appears twice.
    pub(super) sections: Vec<Section>,
    /// The damage outside of every section.
    pub(super) outside: Option<Damage>,
}

/// A section: a header and the entries below it.
#[derive(Debug)]
pub(super) struct Section {
    /// The text between the brackets.
    pub(super) header: String,
    pub(super) entries: Vec<Entry>,
    /// The first damage in the section.
    pub(super) damage: Option<Damage>,
}

/// A key, its value, and the continuation lines below it.
#[derive(Debug)]
pub(super) struct Entry {
    /// The key in lower case.
    pub(super) key: String,
    pub(super) value: String,
    pub(super) more: Vec<String>,
}

/// A damaged line and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Damage {
    /// The line number, counted from 1.
    pub(super) line: usize,
    /// A phrase that describes the damage and follows the line number in a sentence.
    pub(super) what: &'static str,
}

/// Parses a file's text.
pub(super) fn read(text: &str) -> Ini {
    let mut reader = Reader::default();
    for (number, line) in text.lines().enumerate() {
        reader.line(number + 1, line);
    }
    reader.ini
}

#[derive(Default)]
struct Reader {
    ini: Ini,
    /// The indentation of the last key or header. A line that is indented further continues the key's value.
    indent: usize,
    /// Whether there is a value to continue.
    in_value: bool,
    /// Whether the last header could not be parsed. The lines below such a header belong to no section.
    lost: bool,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) {
        let text = line.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            return;
        }
        let indent = line.len() - line.trim_start().len();
        if self.in_value && indent > self.indent {
            self.go_on(number, text);
            return;
        }
        self.indent = indent;
        match text.strip_prefix('[') {
            Some(header) => self.header(number, header),
            None => self.entry(number, text),
        }
    }

    /// Adds a continuation line to the last entry. A value that starts on the line below its key is a nested list of
    /// keys.
    fn go_on(&mut self, number: usize, text: &str) {
        let Some(entry) = self
            .ini
            .sections
            .last_mut()
            .and_then(|section| section.entries.last_mut())
        else {
            return;
        };
        if entry.value.is_empty() && !text.contains('=') {
            self.damaged(number, "has no =");
        } else {
            entry.more.push(text.to_owned());
        }
    }

    fn header(&mut self, number: usize, header: &str) {
        self.in_value = false;
        self.lost = false;
        if let Some((header, _)) = header.split_once(']') {
            self.ini.sections.push(Section {
                header: header.to_owned(),
                entries: Vec::new(),
                damage: None,
            });
        } else {
            self.lost = true;
            self.damaged(number, "starts with [ but has no ]");
        }
    }

    fn entry(&mut self, number: usize, text: &str) {
        if self.lost {
            return;
        }
        self.in_value = false;
        match text.split_once(['=', ':']) {
            None => self.damaged(number, "has no = after the name"),
            Some((key, _)) if key.trim().is_empty() => self.damaged(number, "has no name before the ="),
            Some((key, value)) => self.add(number, key.trim(), value.trim()),
        }
    }

    fn add(&mut self, number: usize, key: &str, value: &str) {
        let Some(section) = self.ini.sections.last_mut() else {
            self.damaged(number, "is above the first [profile]");
            return;
        };
        section.entries.push(Entry {
            key: key.to_lowercase(),
            value: value.to_owned(),
            more: Vec::new(),
        });
        self.in_value = true;
    }

    fn damaged(&mut self, line: usize, what: &'static str) {
        let section = self.ini.sections.last_mut().filter(|_| !self.lost);
        let place = section.map_or(&mut self.ini.outside, |section| &mut section.damage);
        place.get_or_insert(Damage { line, what });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns headers with their keys and values, and the position of any damage.
    fn told(text: &str) -> Vec<String> {
        let ini = read(text);
        let damage = |damage: Option<Damage>| damage.map_or_else(String::new, |d| format!(" !{} {}", d.line, d.what));
        let section = |section: &Section| {
            let entry = |e: &Entry| {
                format!(
                    " {}={}",
                    e.key,
                    [[e.value.clone()].as_slice(), &e.more].concat().join("|")
                )
            };
            let entries = section.entries.iter().map(entry).collect::<Vec<_>>().concat();
            format!("[{}]{entries}{}", section.header, damage(section.damage))
        };
        let mut told: Vec<String> = ini.sections.iter().map(section).collect();
        told.extend(ini.outside.map(|outside| damage(Some(outside))));
        told
    }

    #[test]
    fn what_the_aws_cli_reads_is_read() {
        for (text, expected) in [
            ("[a]\n  Region = x\n  output = json\n", vec!["[a] region=x output=json"]),
            ("[a] ; mine\nregion: x\n", vec!["[a] region=x"]),
            ("  [a]\r\n  k = v\r\n[b]\nk=a:b=c\n", vec!["[a] k=v", "[b] k=a:b=c"]),
            (
                "[a]\n# no\n  ; no\n\nk =\n  x = 1\n  y = 2\nz = 3\n",
                vec!["[a] k=|x = 1|y = 2 z=3"],
            ),
        ] {
            assert_eq!(told(text), expected, "{text:?}");
        }
    }

    #[test]
    fn damage_stays_in_its_section() {
        for (text, expected) in [
            (
                "[a]\nnonsense\nk = v\n[b]\nk = v\n",
                vec!["[a] k=v !2 has no = after the name", "[b] k=v"],
            ),
            ("[a]\n= v\n", vec!["[a] !2 has no name before the ="]),
            (
                "[a]\nk = v\n[b\nk = w\n[c]\n",
                vec!["[a] k=v", "[c]", " !3 starts with [ but has no ]"],
            ),
            ("k = v\n[a]\n", vec!["[a]", " !1 is above the first [profile]"]),
            ("[a]\nk =\n  no\n", vec!["[a] k= !3 has no ="]),
        ] {
            assert_eq!(told(text), expected, "{text:?}");
        }
    }
}
