//! Brotli and gzip copies, made once so that the server never compresses a file.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The quality with which brotli tries hardest.
pub(crate) const BEST: i32 = 11;

/// True for files that are not compressed by their own format.
pub(super) fn shrinks(path: &Path) -> bool {
    let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    matches!(
        extension,
        "css" | "html" | "ico" | "js" | "json" | "svg" | "txt" | "wasm" | "webmanifest" | "xml"
    )
}

/// Writes `<path>.br` (made with this quality, at most [`BEST`]) and `<path>.gz`, and answers the size of the former in bytes.
pub(super) fn beside(path: &Path, content: &[u8], quality: i32) -> Result<usize> {
    let small = brotli(content, quality)?;
    fs::write(with_suffix(path, "br"), &small)
        .with_context(|| format!("cannot write beside {}", path.display()))?;
    fs::write(with_suffix(path, "gz"), gzip(content)?)?;
    Ok(small.len())
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn brotli(content: &[u8], quality: i32) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality,
        lgwin: 24,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut out, &parameters)?;
    Ok(out)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_copies_give_the_content_back() {
        let content = b"stoa ".repeat(1000);
        let (mut from_brotli, mut from_gzip) = (Vec::new(), Vec::new());
        brotli::BrotliDecompress(&mut brotli(&content, BEST).unwrap().as_slice(), &mut from_brotli).unwrap();
        flate2::read::GzDecoder::new(gzip(&content).unwrap().as_slice())
            .read_to_end(&mut from_gzip)
            .unwrap();
        assert!(from_brotli == content && from_gzip == content);
    }

    #[test]
    fn fonts_and_pictures_are_left_as_they_are() {
        assert!(shrinks(Path::new("a/mark.svg")) && shrinks(Path::new("portal_bg.wasm")));
        assert!(
            !shrinks(Path::new("inter.woff2"))
                && !shrinks(Path::new("a.png"))
                && !shrinks(Path::new("LICENCE"))
        );
    }
}
