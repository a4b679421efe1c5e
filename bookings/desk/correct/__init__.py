"""Who a guest is, corrected at the desk as the document has it."""
