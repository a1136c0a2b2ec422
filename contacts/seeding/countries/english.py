from contacts.seeding.country import Country

_WOMEN = """
    Mary Emma Olivia Elizabeth Sarah Jessica Jennifer Emily Amelia Charlotte Sophie Grace Hannah Lucy Susan Karen Lisa
    Nancy Sandra Ashley Kimberly Donna Michelle Amanda Melissa Rebecca Laura Amy Angela Helen Rachel Ruth Alice Chloe
    Megan Lauren Abigail Isabella Ava Ella Zoë Renée
"""
_MEN = """
    James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark
    Steven Paul Andrew Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Oliver Harry
    Jack Charlie Noah Liam Ethan Samuel Benjamin Alexander Patrick Henry
"""

UNITED_KINGDOM = Country(
    share=7,
    language="en",
    women=_WOMEN,
    men=_MEN,
    families="""
        Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White
        Roberts Green Hall Thomas Clarke Jackson Wood Harris Edwards Turner Martin Cooper Hill Ward Hughes Moore Clark
        King Harrison Lewis Baker Lee Allen Morris Khan Scott Watson Davis Parker James Bennett Young Phillips O’Neill
        MacDonald
    """,
    places={
        "Europe/London": (
            "London, Birmingham, Manchester, Leeds, Glasgow, Liverpool, Bristol, Edinburgh, Cardiff, Belfast, Sheffield"
        ),
    },
    calling_code="44",
    mobiles="740 741 742 743 747 748 749 751 753 754 755 756 757 758 771 773 774 775 776 777 780 781 784 785 786 787",
    free_digits=7,
)

UNITED_STATES = Country(
    share=9,
    language="en",
    women=_WOMEN,
    men=_MEN,
    families="""
        Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson
        Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson
        Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell
        Mitchell Carter Roberts O’Connor
    """,
    places={
        "America/New_York": "New York, Boston, Atlanta, Philadelphia, Miami",
        "America/Chicago": "Chicago, Houston, Dallas",
        "America/Denver": "Denver",
        "America/Los_Angeles": "Los Angeles, San Francisco, Seattle",
    },
    calling_code="1",
    # The area code and a digit of the exchange; 555 is not in use.
    mobiles="""
        2122 2133 2144 3054 3106 3128 3478 4042 4157 5033 5124 6024 6177 6192 6464 7028 7132 7184 7208 7737 7862 8184
        8326 9173 9294 9722
    """,
    free_digits=6,
)
