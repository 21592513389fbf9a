"""The invented merchants and what they sell; prices in fen."""

from typing import Literal

from msgspec import Struct

Kind = Literal["goods", "virtual", "travel"]
NoReturn = Literal["made_to_order", "perishable", "digital"]


class Product(Struct, frozen=True, kw_only=True):
    """Something on offer; `festival_percent` is what is left of its price in the June festival."""

    item: str
    category: str
    price: int
    kind: Kind = "goods"
    food: bool = False
    durable: bool = False
    no_return: NoReturn | None = None
    festival_percent: int = 100


class Merchant(Struct, frozen=True):
    """A merchant of the invented marketplace; `care` in percent is how often all goes well."""

    ref: str
    name: str
    care: int
    products: tuple[Product, ...]


MERCHANTS: tuple[Merchant, ...] = (
    Merchant(
        "bluestone-tea",
        "青石茶舍 Bluestone Tea",
        88,
        (
            Product(item="spring-green-tea", category="tea", price=12_800, food=True),
            Product(item="aged-white-tea", category="tea", price=36_800, food=True),
        ),
    ),
    Merchant(
        "cloudware",
        "云上陶坊 Cloudware Pottery",
        80,
        (
            Product(item="celadon-teapot", category="kitchen", price=45_900, festival_percent=85),
            Product(item="named-mug", category="kitchen", price=6_900, no_return="made_to_order"),
        ),
    ),
    Merchant(
        "northbank",
        "北岸单车 Northbank Cycles",
        72,
        (
            Product(
                item="city-bicycle",
                category="cycling",
                price=189_900,
                durable=True,
                festival_percent=92,
            ),
            Product(item="bicycle-lamp", category="cycling", price=7_990, durable=True),
        ),
    ),
    Merchant(
        "xiaoman",
        "小满纸品 Xiaoman Paper",
        92,
        (
            Product(item="dotted-notebook", category="stationery", price=2_480),
            Product(item="ink-pen", category="stationery", price=15_800, festival_percent=80),
        ),
    ),
    Merchant(
        "robin",
        "知更童衣 Robin Kidswear",
        78,
        (
            Product(item="rain-jacket", category="clothing", price=21_900, festival_percent=75),
            Product(item="cotton-pyjamas", category="clothing", price=9_900),
        ),
    ),
    Merchant(
        "clearstream",
        "晴溪电器 Clearstream Appliances",
        65,
        (
            Product(item="air-purifier", category="appliances", price=129_900, durable=True),
            Product(
                item="rice-cooker",
                category="appliances",
                price=34_900,
                durable=True,
                festival_percent=88,
            ),
        ),
    ),
    Merchant(
        "lanternlight",
        "灯影相机 Lanternlight Cameras",
        70,
        (
            Product(item="folding-camera", category="cameras", price=358_000, durable=True),
            Product(item="travel-tripod", category="cameras", price=42_900, durable=True),
        ),
    ),
    Merchant(
        "bamboo-lane",
        "竹里园艺 Bamboo Lane Garden",
        82,
        (
            Product(item="fresh-peonies", category="flowers", price=8_800, no_return="perishable"),
            Product(item="clay-planter", category="garden", price=5_600),
        ),
    ),
    Merchant(
        "windbell",
        "风铃票务 Windbell Tickets",
        86,
        (
            Product(
                item="museum-pass",
                category="tickets",
                price=12_000,
                kind="travel",
                no_return="digital",
            ),
            Product(
                item="audio-guide",
                category="tickets",
                price=3_900,
                kind="virtual",
                no_return="digital",
            ),
        ),
    ),
    Merchant(
        "farhill",
        "远坡户外 Farhill Outdoor",
        58,
        (
            Product(item="two-person-tent", category="outdoor", price=79_900, festival_percent=78),
            Product(item="down-sleeping-bag", category="outdoor", price=66_000),
        ),
    ),
    Merchant(
        "rainsong",
        "听雨琴行 Rainsong Instruments",
        84,
        (
            Product(item="practice-guzheng", category="music", price=268_000, durable=True),
            Product(item="bamboo-flute", category="music", price=18_800),
        ),
    ),
    Merchant(
        "inkline",
        "墨线书屋 Inkline Books",
        90,
        (
            Product(item="poems-of-the-tang", category="books", price=5_800),
            Product(item="atlas-of-rivers", category="books", price=16_800, festival_percent=70),
        ),
    ),
)
