"""Makes the fictional demonstration files of `resources/demo/`; no part of the product."""
