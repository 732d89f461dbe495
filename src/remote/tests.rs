//! Room `remote`: round trips of every call.
