"""Paying an invoice on a provider's hosted page: Stripe, PayPal, or whoever else can do what `interface.Provider` asks.

Off until a business enters its own keys. What counts is what the provider says when it is asked, never that the customer
came back. docs/online-payment.md.
"""
