"""What other platforms say of cases: compared with what Parvis has, followed, taken or kept; and told back to them."""
