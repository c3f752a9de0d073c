"""Why: attributions by documented factor, reasons in words, and how well they recover the truth."""
