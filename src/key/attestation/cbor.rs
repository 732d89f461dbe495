//! The key room, attestations: CBOR read strictly (RFC 8949 4.2): definite and shortest lengths, no member twice, nothing behind.
//!
//! Takes bytes, gives borrowed items. Only what App Attest and COSE keys use: integers, strings, arrays, maps. A length that is claimed allocates
//! nothing; items and depth are counted. Why something is refused is of no use to anybody, so there is one answer: `None`.

/// Nothing that is read here nests deeper.
const MAX_DEPTH: u32 = 4;
/// Nothing that is read here has more items.
const MAX_ITEMS: u32 = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// Also negative integers, as far as they fit.
    Integer(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(Vec<Item<'a>>),
    Map(Vec<(Item<'a>, Item<'a>)>),
}

impl<'a> Item<'a> {
    /// The one item that `bytes` consist of.
    pub(super) fn whole(bytes: &'a [u8]) -> Option<Item<'a>> {
        let (item, rest) = Item::first(bytes)?;
        rest.is_empty().then_some(item)
    }

    /// The first item, and what follows.
    pub(super) fn first(bytes: &'a [u8]) -> Option<(Item<'a>, &'a [u8])> {
        let mut reader = Reader { rest: bytes, items: 0 };
        let item = reader.item(0)?;
        Some((item, reader.rest))
    }

    /// The member of that text, of a map.
    pub(super) fn member(&self, name: &str) -> Option<&Item<'a>> {
        self.find(&Item::Text(name))
    }

    /// The member of that number, of a map.
    pub(super) fn numbered(&self, number: i64) -> Option<&Item<'a>> {
        self.find(&Item::Integer(number))
    }

    /// Whether it is a map of that many members.
    pub(super) fn has_members(&self, count: usize) -> bool {
        matches!(self, Item::Map(members) if members.len() == count)
    }

    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Item::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    fn find(&self, key: &Item<'_>) -> Option<&Item<'a>> {
        let Item::Map(members) = self else { return None };
        members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    items: u32,
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(len).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    /// Major type and argument of the next item, the argument in its shortest form.
    fn head(&mut self) -> Option<(u8, u64)> {
        let [first] = self.take(1)? else { return None };
        let (len, least) = match first & 0x1f {
            small @ 0..24 => return Some((first >> 5, u64::from(small))),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            _ => return None,
        };
        let value = self.take(len)?.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
        (value >= least).then_some((first >> 5, value))
    }

    fn item(&mut self, depth: u32) -> Option<Item<'a>> {
        self.items += 1;
        if depth > MAX_DEPTH || self.items > MAX_ITEMS {
            return None;
        }
        let (major, argument) = self.head()?;
        Some(match major {
            0 => Item::Integer(i64::try_from(argument).ok()?),
            1 => Item::Integer(-1 - i64::try_from(argument).ok()?),
            2 => Item::Bytes(self.take(argument)?),
            3 => Item::Text(std::str::from_utf8(self.take(argument)?).ok()?),
            4 => {
                let mut items = Vec::new();
                for _ in 0..argument {
                    items.push(self.item(depth + 1)?);
                }
                Item::Array(items)
            }
            5 => {
                let mut members: Vec<(Item<'a>, Item<'a>)> = Vec::new();
                for _ in 0..argument {
                    let name = self.item(depth + 1)?;
                    let once = members.iter().all(|(known, _)| *known != name);
                    if !once || !matches!(name, Item::Text(_) | Item::Integer(_)) {
                        return None;
                    }
                    members.push((name, self.item(depth + 1)?));
                }
                Item::Map(members)
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_read() {
        assert_eq!(Item::whole(&[0x18, 24]), Some(Item::Integer(24)));
        assert_eq!(Item::whole(&[0x38, 24]), Some(Item::Integer(-25)));
        assert_eq!(Item::whole(&[0x82, 0x41, 7, 0x61, b'a']), Some(Item::Array(vec![Item::Bytes(&[7]), Item::Text("a")])));
        let map = Item::whole(&[0xa2, 0x61, b'a', 1, 0x20, 0x40]).unwrap();
        assert!(map.has_members(2) && map.member("a") == Some(&Item::Integer(1)) && map.numbered(-1).unwrap().bytes() == Some(&[][..]));
        assert_eq!(Item::first(&[1, 2]), Some((Item::Integer(1), &[2][..])));
    }

    #[test]
    fn anything_else_is_refused() {
        let deep = [&[0x81; 5][..], &[0]].concat();
        let wide = [&[0x98, 64][..], &[0; 64]].concat();
        for bad in [
            &[][..],
            &[0x18, 23],
            &[0x19, 0, 255],
            &[0x1b, 0, 0, 0, 0, 255, 255, 255, 255],
            &[0x1b, 255, 255, 255, 255, 255, 255, 255, 255],
            &[0x3b, 255, 255, 255, 255, 255, 255, 255, 255],
            &[0x5f, 0x41, 1, 0xff],
            &[0x9f, 0xff],
            &[0xbf, 0xff],
            &[0x41],
            &[0x5b, 0, 0, 0, 255, 0, 0, 0, 0],
            &[0x9b, 0, 0, 0, 255, 0, 0, 0, 0],
            &[0x61, 0xff],
            &[0xa2, 1, 1, 1, 2],
            &[0xa1, 0x40, 1],
            &[0xc0, 1],
            &[0xf5],
            &[1, 1],
            &deep,
            &wide,
        ] {
            assert_eq!(Item::whole(bad), None, "{bad:02x?}");
        }
    }
}
