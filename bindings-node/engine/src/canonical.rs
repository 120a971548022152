//! A canonical body beside the body that it is made of.

use crate::wire::Out;

/// Takes a canonical body in pieces and writes it to `out`, unless it is the body itself.
pub(crate) struct Canonical<'b, 'c, 'o> {
    body: &'b [u8],
    out: &'c mut Out<'o>,
    /// How many bytes have been the body's own, where there were no others yet.
    same: Option<usize>,
}

impl<'b, 'c, 'o> Canonical<'b, 'c, 'o> {
    pub(crate) const fn new(body: &'b [u8], out: &'c mut Out<'o>) -> Self {
        Self { body, out, same: Some(0) }
    }

    pub(crate) fn push(&mut self, run: &[u8]) {
        if let Some(same) = self.same {
            let end = same.saturating_add(run.len());
            // Compared while it is at hand, which is cheaper than to write it.
            if self.body.get(same..end).is_some_and(|part| core::ptr::eq(part, run) || part == run) {
                self.same = Some(end);
                return;
            }
            self.write_same();
        }
        self.out.put_slice(run);
    }

    /// Nothing more comes.
    pub(crate) fn finish(mut self) {
        if self.same.is_some_and(|same| same < self.body.len()) {
            self.write_same();
        }
    }

    fn write_same(&mut self) {
        let same = self.same.take().and_then(|same| self.body.get(..same));
        self.out.put_slice(same.unwrap_or_default());
    }
}
