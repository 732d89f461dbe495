//! Memory that is wiped before it is given back. Takes and gives what the system's allocator does. Of the C library and of the one behind Kotlin and Swift; the core,
//! the command and the server have the allocator that their platform gives them.
//!
//! Secrets of the library's own are wiped where they end (`zeroize`). Behind them are copies in buffers of HTTP, TLS and JSON, which know of no secret:
//! they are freed, and a core dump taken a year later would still hold a token. So everything that this library frees is wiped.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;

/// The system's allocator, wiping: `#[global_allocator] static ALLOCATOR: Wiping = Wiping;`.
pub struct Wiping;

// SAFETY: every block comes from the system's allocator and goes back to it with the layout that it came with; in between only bytes of a block
// that is being given back are written. `realloc` is the trait's own, which gives the old block back through `dealloc`.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the one that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's to give back, and as long as its layout says.
        unsafe { block.write_bytes(0, layout.size()) };
        // SAFETY: as above. Without the black box the writes would be dead ones to the compiler.
        unsafe { System.dealloc(black_box(block), layout) }
    }
}
