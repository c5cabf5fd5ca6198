"""Labour-dispute mediation cases: intake, mediation, agreements and referral, as the law orders them."""

from importlib.metadata import version

__version__ = version("mediation")
