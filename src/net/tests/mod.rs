//! The room `net`, tests only: every refusal, every cut and every wait, against a small server on the loopback.

mod cuts;
mod matrix;
mod pins;
mod refusals;
mod server;
mod waits;
