//! The key room, PKCS#11: a session that one thread has for a while.

use cryptoki::session::{Session, SessionState};
use cryptoki::slot::Slot;

/// A session, the slot it was opened for, and the time it belongs to.
pub(super) struct Lent {
    pub(super) session: Session,
    pub(super) slot: Slot,
    pub(super) epoch: u64,
}

impl Lent {
    /// Whether the session sees the token's private objects: without the login a search finds nothing and says nothing. And
    /// once somebody else has finalised the module, its number may be that of a session with another token.
    pub(super) fn sees_private(&self) -> bool {
        self.session
            .get_session_info()
            .is_ok_and(|info| info.slot_id() == self.slot && matches!(info.session_state(), SessionState::RoUser | SessionState::RwUser))
    }
}
