"""Every product of the documents, and which of them a person can have at what price."""

from weilidai.lender.products.assessing import Offer, answers, assess, summary
from weilidai.lender.products.catalogue import Product, ProductParameters
from weilidai.lender.products.comparing import Need, cheapest, compare

__all__ = ["Need", "Offer", "Product", "ProductParameters", "answers", "assess", "cheapest", "compare", "summary"]
