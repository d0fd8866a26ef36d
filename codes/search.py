"""Finding codes: an in-process tantivy index of what the codes say, rebuilt when that changes."""
