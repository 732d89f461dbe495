//! The PDF room: which cross-reference sections name an object. Takes the sections of all revisions, newest first; gives those that may name a
//! number, so that a document of a thousand revisions is not searched section by section for each of its objects.

use super::xref::Section;

/// Fewer sections are searched one by one.
const FEW: usize = 4;
/// A section of more numbers is looked at always.
const WIDE: u64 = 4_096;
/// Most numbers that are kept.
const MOST: usize = 1 << 18;

/// The numbers of small sections, and the large sections.
#[derive(Debug)]
pub(super) struct Naming {
    /// Number and section, in this order.
    narrow: Vec<(u32, u32)>,
    wide: Vec<u32>,
}

impl Naming {
    /// `None` where the sections have to be searched one by one: there are few, or one is part of a hybrid file, where what is not named counts too.
    pub(super) fn of(sections: &[Section]) -> Option<Naming> {
        let hybrid = |section: &Section| section.is_hybrid_part() || section.trailer.get(b"XRefStm").is_some();
        if sections.len() <= FEW || sections.iter().any(hybrid) {
            return None;
        }
        let (mut narrow, mut wide) = (Vec::new(), Vec::new());
        for (at, section) in (0_u32..).zip(sections) {
            let count: u64 = section.numbers().map(|(_, count)| u64::from(count)).sum();
            if count > WIDE || narrow.len() > MOST {
                wide.push(at);
                continue;
            }
            for (first, count) in section.numbers() {
                narrow.extend((0..count).map(|n| (first.saturating_add(n), at)));
            }
        }
        narrow.sort_unstable();
        Some(Naming { narrow, wide })
    }

    /// The sections from `from` on that may name `number`, newest first.
    pub(super) fn sections(&self, number: u32, from: usize) -> Vec<usize> {
        let begin = self.narrow.partition_point(|known| *known < (number, 0));
        let named = self.narrow.get(begin..).unwrap_or_default().iter().take_while(|(of, _)| *of == number).map(|(_, at)| *at);
        let mut all: Vec<usize> = named.chain(self.wide.iter().copied()).map(|at| at as usize).filter(|at| *at >= from).collect();
        all.sort_unstable();
        all
    }
}
