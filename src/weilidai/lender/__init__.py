"""What the lender does: eligibility, invitation, journey, quota, price; and the truth behind each."""

from weilidai.lender.decisions import LenderParameters, decide
from weilidai.lender.eligibility import policy

__all__ = ["LenderParameters", "decide", "policy"]
