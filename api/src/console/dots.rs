//! A text as a square of dots that a camera reads.

use std::fmt::Write as _;

use dolen_domain::kernel::{Error, Result};
use qrcode::{Color, EcLevel, QrCode};

/// Dots of quiet around it (ISO/IEC 18004 §9.1).
const QUIET: usize = 4;

/// A QR code as a path.
pub struct Dots {
    /// How many dots it is wide and high, with the quiet around.
    pub side: usize,
    /// The dark ones.
    pub path: String,
}

impl Dots {
    /// Draws a text.
    ///
    /// # Errors
    /// When it is too long for one.
    pub fn of(text: &str) -> Result<Self> {
        let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).map_err(Error::internal)?;
        let side = code.width();
        let mut path = String::new();
        for (at, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let _ = write!(path, "M{} {}h1v1h-1z", at % side + QUIET, at / side + QUIET);
            }
        }
        Ok(Self { side: side + 2 * QUIET, path })
    }
}
