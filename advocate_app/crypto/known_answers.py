"""Fixed inputs and outputs that every build must agree with: published ones, and two of our own."""

from base64 import b64decode
from typing import Final

KEY: Final = bytes(range(32))
SEED: Final = bytes(range(32, 64))
CONTEXT: Final = b"ADV1/self-test\0"
PLAIN: Final = b"nothing is opened that was altered"

# RFC 8032, section 7.1, test 2.
ED25519_SEED: Final = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
ED25519_PUBLIC: Final = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
ED25519_MESSAGE: Final = b"\x72"
ED25519_SIGNATURE: Final = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)

# RFC 9106, section 5.3.
ARGON2ID: Final = bytes.fromhex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")

# RFC 5869, appendix A.1.
HKDF_OUTPUT: Final = bytes.fromhex(
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
)

# FIPS 180-4 and FIPS 202, examples for "abc" and for the empty message.
SHA256_ABC: Final = bytes.fromhex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
SHAKE256_EMPTY: Final = bytes.fromhex("46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f")

# PLAIN under KEY and CONTEXT.
COBBLESTONE: Final = b64decode(
    b"QLA3iSHkQEHARfbKL62SfXq1s5hWIwNtJmf/L3x2Tngs9LzjKwJ7Pql8QZmutw5116XGnImMpVW1rVdPHfbJXC1XnFDP2Irs6uOp"
    b"l4T8xaNwFox8tl2Tr5VQNul5oKORMbcrp+M/3Ti0cA=="
)

# SHA-256 of the X-Wing public key of SEED; KEY sealed to it, with CONTEXT as info.
KEM_PUBLIC_SHA256: Final = bytes.fromhex("a1f324bc0701f1234fbba7b11901023b3644f3bb8c6eb4ee4368d7e859eb6228")
HPKE: Final = b64decode(
    b"uRjGhk+TFiMEivBMs86ZXNDIsCfI3RKolJyERCATAt0QIejYSH/MChzD1ItV78KhFoqgeSfuoHyyIcMIqNu/N3niLaIAoZVPeEO+"
    b"jEfzsG7KNEFJZbpvYjkCd0+YwgFAEy7Zww1cDVJmd75I/b/c1XcnhCiXZFbf4QAUYynGY/gf2vmOM5rRMQVER5WoeoG12A1d3xMY"
    b"iV5twIm45hWDwxCLSrTs7NS0Go6A+6rmoE5IBVpxVez8l0MRErm81CLrv7r2m4LYbC8euhYNjJd7YqQTtM09BgjxnGnsNL0eVDqC"
    b"ZJCAv0kJFN9nvKoQsNDEgRS5Ky99swT6zKogwXcfSH8396qqRQ9fSNBpjxiRVBddI+pifW5XhJ0WtMSR4GfhiuOJphFR5nH9ncTM"
    b"cAYnFH1450e8vtIDWcl73veWFH9bGIGeAsGejxV/ZuAOMFq1px+Q+IUTU3g6R0UTWudWn8RczbbO6aeTnjGgDpbo/9tnRs0Aguqn"
    b"GlPsdCz+97uKBXzGwPbl+DxIAwmGjPE52XhIuOGm2eHg+U5xkaZhwZzTj0e1XWmlPGgpP8etWF20OnGHKtlI6YlC9djeba8WCTw+"
    b"7XeStgOFTwX7IOjjKX8GRkSufmyv4Bar9FK+W1sF543ZvghE8q7eOGdkFXakwIXzox8BS3f6U2zqpwI8KRNHj5+LV/MQosLvoAnp"
    b"De3U+Gx9PI0hbMRSAo2+Rw82XUrht06962enZ8UBJ823IashnHUsFoHwfJJC0p4C4bqj/ujEaVpYqHjWGTQUyevbop8sFXNCCQ6C"
    b"B5U8XLiPawXnE5PP/uoUr4Oy713lQXVuCSTm3VoESNGuRjjMLwvgCksnEKLBhMrLOdD6HTCw/HTuCh68U2mIljG+vtwFRGJ1hLor"
    b"VjGL4St8scwkcItd25lMZwciwlYtiWqPvI6venlXfG9KyTiImJvwp20l1xKtoqQ5xLkxvkKaclZyFfKDq2k45ktnSp1cx4aVWJFG"
    b"E04e2VZL40/Xqa6IIrX60/rUAXnLDqMeWOJag3fUwiM38Shdhg98THKn8HItysRe1jy1VQmWQpQfYMU5o24/oS21V5+9EnVIJ9ZC"
    b"Fk4gXOGuuzbTHB8XWY7lWptKwDdCo2Lxw/GjNsueaHxN44kBMyhVYpGc+kBdyeeRJ3tXptzd8987OSx9tJEZLdACijj1MaLBcO6+"
    b"waWaeXZgBRWGuQGRqSPK3PVVSni4lnW3EmUpbmgRMMW5GKOGy6dtNRvd4hfdOs7536PzyvF2h+02UfDFls7Hj0ftyG3SuNsbs4Cx"
    b"NTTaMbA7ssXq0i/Rd7rAUkbdG11ohAEMhqGnn7Vn4YuNrvX69SgUv8LNqTHEqVwYz1Zb+cyXKoqie8BKfZqyfj60u/U552yDS/JF"
    b"eNFJtBuP9HGw2atwU99JZC3d45Q9VHKfagtRNXV7qce5nDmiAw9ZOn+lQGUkR+O4ddMYQ57ZTQuEtkEpTDi5S3orjnZEE9mll3JD"
    b"is/rTzKBcCnGqbt1WHrybiJ2fnbNZEwF8psN7u58ZR1MQdTJIBJ4AXmEMA=="
)
