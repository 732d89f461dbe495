//! The PDF room: the subsections of one cross-reference section (ISO 32000-2 7.5.4, `/Index` of 7.5.8.2). Takes runs of numbers in file
//! order, gives the first that holds a number. An update of scattered objects has a subsection for each, so they are searched by halves;
//! where two of them hold one number, which only a doubtful file has, the first in the file counts and the search is one by one.

use crate::error::Result;
use crate::limits::Budget;
use std::cell::OnceCell;

/// Numbers in a row.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) first: u32,
    pub(super) count: u32,
    /// Table: file offset of the first entry. Stream: offset in the decoded data.
    pub(super) offset: u64,
    /// Table: bytes of one entry.
    pub(super) entry_len: u64,
}

impl Run {
    fn end(&self) -> u64 {
        u64::from(self.first) + u64::from(self.count)
    }

    fn index_of(&self, number: u32) -> Option<u32> {
        number.checked_sub(self.first).filter(|index| *index < self.count)
    }
}

/// All of a section, in file order.
#[derive(Debug)]
pub(super) struct Runs {
    list: Vec<Run>,
    /// The runs by their first number, if no two hold the same.
    sorted: OnceCell<Option<Vec<u32>>>,
}

/// So few are looked at one by one.
const FEW: usize = 8;

impl Runs {
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Run> {
        self.list.iter()
    }

    /// One past the highest number that there is room for.
    pub(super) fn numbers_end(&self) -> u64 {
        self.list.iter().map(Run::end).max().unwrap_or(0)
    }

    /// The first run in the file that holds the number, and the number's place in it.
    pub(super) fn holding(&self, number: u32, budget: &Budget) -> Result<Option<(&Run, u32)>> {
        if self.list.len() > FEW
            && let Some(sorted) = self.sorted(budget)?
        {
            budget.step(1)?;
            let behind = sorted.partition_point(|at| self.list.get(*at as usize).is_some_and(|run| run.first <= number));
            let run = behind.checked_sub(1).and_then(|at| sorted.get(at)).and_then(|at| self.list.get(*at as usize));
            return Ok(run.and_then(|run| Some((run, run.index_of(number)?))));
        }
        budget.step(1 + self.list.len() as u64 / 8)?;
        Ok(self.list.iter().find_map(|run| Some((run, run.index_of(number)?))))
    }

    fn sorted(&self, budget: &Budget) -> Result<Option<&[u32]>> {
        if self.sorted.get().is_none() {
            budget.step(self.list.len() as u64)?;
        }
        let sorted = self.sorted.get_or_init(|| {
            let mut order: Vec<u32> = (0_u32..).zip(&self.list).filter(|(_, run)| run.count > 0).map(|(at, _)| at).collect();
            let run = |at: u32| self.list.get(at as usize);
            order.sort_by_key(|at| run(*at).map(|run| run.first));
            let apart = order.windows(2).all(|pair| run(pair[0]).map(Run::end) <= run(pair[1]).map(|run| u64::from(run.first)));
            apart.then_some(order)
        });
        Ok(sorted.as_deref())
    }
}

impl From<Vec<Run>> for Runs {
    fn from(list: Vec<Run>) -> Runs {
        Runs { list, sorted: OnceCell::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(list: &[(u32, u32)]) -> Runs {
        let run = |(at, (first, count)): (u64, &(u32, u32))| Run { first: *first, count: *count, offset: at, entry_len: 20 };
        (0..).zip(list).map(run).collect::<Vec<Run>>().into()
    }

    fn at(runs: &Runs, number: u32) -> Option<(u64, u32)> {
        runs.holding(number, &Budget::for_len(0)).unwrap().map(|(run, index)| (run.offset, index))
    }

    #[test]
    fn halves_find_what_one_by_one_finds() {
        let apart: Vec<(u32, u32)> = (0..50).map(|n| ((n * 37 % 50) * 10, n % 4)).collect();
        let twice: Vec<(u32, u32)> = apart.iter().copied().chain([(0, 400)]).collect();
        for list in [apart, twice] {
            let runs = runs(&list);
            for number in 0..520 {
                let first = (0..).zip(&list).find(|(_, (first, count))| (*first..first + count).contains(&number));
                assert_eq!(at(&runs, number), first.map(|(at, (first, _))| (at, number - first)), "{number}");
            }
        }
    }

    #[test]
    fn an_update_of_many_scattered_objects_costs_no_square() {
        let scattered: Vec<(u32, u32)> = (0..100_000).map(|n| (n * 3, 1)).collect();
        let (runs, budget) = (runs(&scattered), Budget::for_len(0));
        for number in 0..300_000 {
            assert_eq!(runs.holding(number, &budget).unwrap().is_some(), number % 3 == 0);
        }
    }
}
