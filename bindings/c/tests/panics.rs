//! A panic behind every function of the header: it ends in the guard, comes out as code 901 where the function gives an error, poisons the object
//! that the function was called on for all its handles, and leaves the library usable. The list is the header's own.
#![cfg(all(feature = "inject", target_os = "linux"))]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge: they read files")]

mod header;

use std::ffi::{CString, c_char, c_int, c_void};

unsafe extern "C" {
    fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

const RTLD_NOW: c_int = 2;
/// More than any function takes: what it does not take it does not look at.
type Any = unsafe extern "C" fn(usize, usize, usize, usize, usize, usize, usize, usize, usize, usize, usize, usize, usize, usize) -> usize;

/// The library as a C program would load it.
struct Library(*mut c_void);

impl Library {
    fn open() -> Library {
        let path = std::env::current_exe().unwrap().parent().unwrap().join("libthrivosign_c.so");
        let path = CString::new(path.to_str().unwrap()).unwrap();
        // SAFETY: a path that ends with NUL.
        let library = unsafe { dlopen(path.as_ptr(), RTLD_NOW) };
        assert!(!library.is_null(), "{path:?} does not load");
        Library(library)
    }

    /// Calls a function with these words, all others zero.
    fn call(&self, name: &str, first: usize, second: usize) -> usize {
        let c = CString::new(name).unwrap();
        // SAFETY: the library is open, and the name ends with NUL.
        let function = unsafe { dlsym(self.0, c.as_ptr()) };
        assert!(!function.is_null(), "{name} is not there");
        // SAFETY: a C function of at most 14 arguments, called with more than it takes; it is called with zeros and handles alone.
        unsafe {
            let function: Any = std::mem::transmute(function);
            function(first, second, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        }
    }

    fn with_text(&self, name: &str, text: &str) -> usize {
        let text = CString::new(text).unwrap();
        self.call(name, text.as_ptr() as usize, 0)
    }

    /// The code of an error, which is freed.
    fn code(&self, error: usize) -> i32 {
        let code = i32::try_from(self.call("thrivosign_error_code", error, 0) & 0xffff).unwrap();
        self.call("thrivosign_error_free", error, 0);
        code
    }

    /// The code that a call on the object gives now.
    fn state(&self, noun: &str, handle: usize) -> i32 {
        let mut out = 0_usize;
        let error = match noun {
            "sink" => self.call("thrivosign_sink_append", handle, 0),
            "http_exchange" => self.call("thrivosign_http_exchange_set_status", handle, 0),
            _ => self.call(&format!("thrivosign_{noun}_ref"), handle, (&raw mut out) as usize),
        };
        self.code(error)
    }
}

fn kind_of(noun: &str) -> String {
    noun.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

#[test]
fn a_panic_behind_every_function_is_an_error_and_poisons_what_it_was_called_on() {
    let library = Library::open();
    let functions = header::functions();
    assert!(functions.len() > 200, "the header is read to its end");
    for function in &functions {
        // These two tell what all others are measured by.
        let measured = !matches!(function.name.as_str(), "thrivosign_error_code" | "thrivosign_error_free");
        let before = library.call("thrivosign_objects_alive", 0, 0);
        let handle = function.called_on.as_ref().map(|noun| library.with_text("thrivosign_test_handle", &kind_of(noun)));
        assert_ne!(handle, Some(0), "{} is called on a noun without a kind", function.name);

        library.with_text("thrivosign_test_inject", &function.name);
        let answer = library.call(&function.name, handle.unwrap_or(0), 0);
        assert_eq!(library.call("thrivosign_test_inject", 0, 0) as i32, 0, "{} has no guard", function.name);
        if function.gives == "struct thrivosign_error *" && measured {
            assert_eq!(library.code(answer), 901, "{}", function.name);
        }
        if let (Some(noun), Some(handle)) = (&function.called_on, handle) {
            if noun == "error" {
                assert_eq!(library.call("thrivosign_error_code", handle, 0) as i32, 901, "{}", function.name);
            } else {
                assert_eq!(library.state(noun, handle), 901, "{} does not poison", function.name);
            }
            // What is lent to a callback is the library's: no host frees one.
            if !matches!(noun.as_str(), "sink" | "http_exchange") {
                library.call(&format!("thrivosign_{noun}_free"), handle, 0);
                assert_eq!(library.call("thrivosign_objects_alive", 0, 0), before, "{} leaks", function.name);
            }
        }
        let mut out = 0_usize;
        assert_eq!(library.call("thrivosign_cancel_new", (&raw mut out) as usize, 0), 0, "unusable after {}", function.name);
        library.call("thrivosign_cancel_free", out, 0);
    }
}
