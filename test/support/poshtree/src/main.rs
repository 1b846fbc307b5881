//! Parses PowerShell scripts and prints each error as FILE: ERROR. Exit code 1 when there is one, 2 for an unreadable file.
use std::{env, fs, process};

fn main() {
    let mut found = false;
    for path in env::args().skip(1) {
        let Ok(text) = fs::read_to_string(&path) else {
            eprintln!("cannot read {path}");
            process::exit(2);
        };
        for error in poshtree::v2::parse(&text).errors {
            println!("{path}: {error:?}");
            found = true;
        }
    }
    process::exit(found as i32);
}
