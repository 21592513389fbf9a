"""履约事实: the inbox of facts, and what is projected from it: lines, payments, prices."""
