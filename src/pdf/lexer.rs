//! The PDF room: the tokenizer (ISO 32000-2 7.2, 7.3). Takes bytes, gives tokens with byte spans; also fit for content streams.

use super::object::Name;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub enum Token<'a> {
    /// An integer.
    Integer(i64),
    /// A real number, or an integer that does not fit 64 bits.
    Real(f64),
    /// A string, decoded; `hex` if it stood in `<..>`, `odd` if that had other characters than digits and white space, or an odd count.
    String {
        /// The decoded bytes.
        bytes: Vec<u8>,
        /// Whether it stood in `<..>`.
        hex: bool,
        /// Whether the hexadecimal form was not plain pairs of digits.
        odd: bool,
    },
    /// A name, decoded; `escaped` if it used `#xx`.
    Name {
        /// The decoded bytes.
        bytes: Name,
        /// Whether it used `#xx`.
        escaped: bool,
    },
    /// `[`
    ArrayOpen,
    /// `]`
    ArrayClose,
    /// `<<`
    DictOpen,
    /// `>>`
    DictClose,
    /// Any other run of regular characters.
    Keyword(&'a [u8]),
    /// A character that cannot start a token, or a string without its end.
    Invalid,
    /// The end of the bytes.
    Eof,
}

/// White space (ISO 32000-2 table 1).
pub(super) const fn is_space(c: u8) -> bool {
    matches!(c, 0 | 9 | 10 | 12 | 13 | 32)
}

/// Delimiters (ISO 32000-2 table 2).
pub(super) const fn is_delimiter(c: u8) -> bool {
    matches!(c, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

const fn is_regular(c: u8) -> bool {
    !is_space(c) && !is_delimiter(c)
}

/// Reads tokens from a slice.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    bytes: &'a [u8],
    position: usize,
    start: usize,
}

impl<'a> Lexer<'a> {
    /// At the first byte.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Lexer<'a> {
        Lexer { bytes, position: 0, start: 0 }
    }

    /// At `position`.
    #[must_use]
    pub const fn at(bytes: &'a [u8], position: usize) -> Lexer<'a> {
        Lexer { bytes, position, start: position }
    }

    /// Where the next byte is read.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Where the last token began.
    #[must_use]
    pub const fn token_start(&self) -> usize {
        self.start
    }

    /// Goes to `position`.
    pub const fn seek(&mut self, position: usize) {
        self.position = position;
    }

    /// The bytes it reads from.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    /// Passes white space and comments.
    pub fn skip_space(&mut self) {
        while let Some(c) = self.peek() {
            if is_space(c) {
                self.position += 1;
            } else if c == b'%' {
                while self.peek().is_some_and(|c| c != b'\n' && c != b'\r') {
                    self.position += 1;
                }
            } else {
                break;
            }
        }
    }

    /// The next token; afterwards `token_start..position` is its span.
    pub fn next_token(&mut self) -> Token<'a> {
        self.skip_space();
        self.start = self.position;
        let Some(c) = self.peek() else { return Token::Eof };
        self.position += 1;
        match c {
            b'[' => Token::ArrayOpen,
            b']' => Token::ArrayClose,
            b'(' => self.literal(),
            b'/' => self.name(),
            b'<' if self.peek() == Some(b'<') => {
                self.position += 1;
                Token::DictOpen
            }
            b'<' => self.hexadecimal(),
            b'>' if self.peek() == Some(b'>') => {
                self.position += 1;
                Token::DictClose
            }
            b'>' | b')' => Token::Invalid,
            b'{' | b'}' => Token::Keyword(&self.bytes[self.start..self.position]),
            _ => {
                while self.peek().is_some_and(is_regular) {
                    self.position += 1;
                }
                let run = &self.bytes[self.start..self.position];
                number(run).unwrap_or(Token::Keyword(run))
            }
        }
    }

    fn literal(&mut self) -> Token<'a> {
        // Most strings are short and plain.
        let rest = self.bytes.get(self.position..).unwrap_or(&[]);
        let plain = rest.iter().position(|c| matches!(c, b'(' | b')' | b'\\' | b'\r')).unwrap_or(rest.len());
        let mut bytes = rest[..plain].to_vec();
        self.position += plain;
        let mut depth = 1_u32;
        while let Some(c) = self.peek() {
            self.position += 1;
            match c {
                b'(' => {
                    depth = depth.saturating_add(1);
                    bytes.push(c);
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return Token::String { bytes, hex: false, odd: false };
                    }
                    bytes.push(c);
                }
                b'\\' => self.escape(&mut bytes),
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.position += 1;
                    }
                    bytes.push(b'\n');
                }
                _ => bytes.push(c),
            }
        }
        Token::Invalid
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) {
        let Some(c) = self.peek() else { return };
        self.position += 1;
        match c {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b'\n' => {}
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.position += 1;
                }
            }
            b'0'..=b'7' => {
                let mut n = u32::from(c - b'0');
                for _ in 0..2 {
                    match self.peek() {
                        Some(d @ b'0'..=b'7') => {
                            n = n * 8 + u32::from(d - b'0');
                            self.position += 1;
                        }
                        _ => break,
                    }
                }
                bytes.push((n & 0xFF) as u8);
            }
            other => bytes.push(other),
        }
    }

    fn hexadecimal(&mut self) -> Token<'a> {
        // Long ones, signatures and images, are pairs without anything between.
        let rest = self.bytes.get(self.position..).unwrap_or(&[]);
        let pair = |pair: &[u8]| Some(hex(*pair.first()?)? << 4 | hex(*pair.get(1)?)?);
        let mut bytes: Vec<u8> = rest.chunks_exact(2).map_while(pair).collect();
        self.position += bytes.len() * 2;
        let mut odd = false;
        let mut high = None;
        while let Some(c) = self.peek() {
            self.position += 1;
            match c {
                b'>' => {
                    if let Some(h) = high {
                        odd = true;
                        bytes.push(h << 4);
                    }
                    return Token::String { bytes, hex: true, odd };
                }
                c if is_space(c) => {}
                c => match hex(c) {
                    Some(digit) => match high.take() {
                        Some(h) => bytes.push(h << 4 | digit),
                        None => high = Some(digit),
                    },
                    None => odd = true,
                },
            }
        }
        Token::Invalid
    }

    fn name(&mut self) -> Token<'a> {
        let rest = self.bytes.get(self.position..).unwrap_or(&[]);
        let run = &rest[..rest.iter().position(|c| !is_regular(*c)).unwrap_or(rest.len())];
        if !run.contains(&b'#') {
            self.position += run.len();
            return Token::Name { bytes: run.into(), escaped: false };
        }
        let mut bytes = Name::new();
        let mut escaped = false;
        while let Some(c) = self.peek().filter(|c| is_regular(*c)) {
            self.position += 1;
            let pair = (self.bytes.get(self.position).copied().and_then(hex), self.bytes.get(self.position + 1).copied().and_then(hex));
            match (c, pair) {
                (b'#', (Some(h), Some(l))) => {
                    escaped = true;
                    self.position += 2;
                    bytes.push(h << 4 | l);
                }
                _ => bytes.push(c),
            }
        }
        Token::Name { bytes, escaped }
    }
}

/// The value of a hexadecimal digit.
pub(super) const fn hex(c: u8) -> Option<u8> {
    match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        b'A'..=b'F' => Some(c - b'A' + 10),
        _ => None,
    }
}

fn number<'a>(run: &[u8]) -> Option<Token<'a>> {
    let (negative, digits) = match run {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(|c| c.is_ascii_digit() || *c == b'.') {
        return None;
    }
    let text = std::str::from_utf8(digits).ok()?;
    match digits.iter().filter(|c| **c == b'.').count() {
        0 => Some(match text.parse::<i64>() {
            Ok(n) => Token::Integer(if negative { -n } else { n }),
            Err(_) => Token::Real(text.parse::<f64>().ok()? * if negative { -1.0 } else { 1.0 }),
        }),
        1 if digits.len() > 1 => {
            let value = text.parse::<f64>().ok()?;
            Some(Token::Real(if negative { -value } else { value }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(bytes: &[u8]) -> Vec<Token<'_>> {
        let mut lexer = Lexer::new(bytes);
        std::iter::from_fn(|| match lexer.next_token() {
            Token::Eof => None,
            token => Some(token),
        })
        .collect()
    }

    #[test]
    fn numbers_names_and_strings() {
        assert_eq!(
            tokens(b"1 -2 +3 .5 -4. 1.5"),
            [Token::Integer(1), Token::Integer(-2), Token::Integer(3), Token::Real(0.5), Token::Real(-4.0), Token::Real(1.5)]
        );
        assert_eq!(tokens(b"99999999999999999999"), [Token::Real(1e20)]);
        assert_eq!(
            tokens(b"/A#42/#/ "),
            [
                Token::Name { bytes: b"AB"[..].into(), escaped: true },
                Token::Name { bytes: b"#"[..].into(), escaped: false },
                Token::Name { bytes: Name::new(), escaped: false }
            ]
        );
        assert_eq!(tokens(b"(a(b)\\)\\101\\\r\n\r\n)"), [Token::String { bytes: b"a(b))A\n".to_vec(), hex: false, odd: false }]);
        assert_eq!(
            tokens(b"<4 1 42> <4> <4x1>"),
            [
                Token::String { bytes: b"AB".to_vec(), hex: true, odd: false },
                Token::String { bytes: b"@".to_vec(), hex: true, odd: true },
                Token::String { bytes: b"A".to_vec(), hex: true, odd: true }
            ]
        );
    }

    #[test]
    fn what_is_no_token_is_invalid_and_never_loops() {
        assert_eq!(tokens(b"(open"), [Token::Invalid]);
        assert_eq!(tokens(b"<41"), [Token::Invalid]);
        assert_eq!(tokens(b")>"), [Token::Invalid, Token::Invalid]);
        assert_eq!(
            tokens(b"1..2 --1 obj{"),
            [Token::Keyword(b"1..2"), Token::Keyword(b"--1"), Token::Keyword(b"obj"), Token::Keyword(b"{")]
        );
    }
}
