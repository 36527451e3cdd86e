"""The demo's second course: bookkeeping, with one exam that is not ready and says why."""

from portal.demo.questions import essay, number, one, several, word

LEDGERS = (
    one(
        "Two sides",
        "What does every entry in double-entry bookkeeping have?",
        "*A debit and a credit of the same amount",
        "Two signatures",
        "Two dates",
        "A debit only",
    ),
    number(
        "What is left",
        "A stall takes 420.00 and pays 185.50 for goods and 60.00 for rent. What is its profit?",
        "174.50",
        within="0.001",
    ),
    several(
        "Assets",
        "Which of these are assets of a bakery? Choose all that fit.",
        "*Its oven",
        "*Flour in the store",
        "A loan from the bank",
        "*Money a customer still owes",
    ),
    word(
        "Money owed to others",
        "What is money called that a firm owes to its suppliers? Two words.",
        "accounts payable",
        "trade payables",
    ),
    number(
        "Straight-line",
        "A van costs 18000 and is worth 3000 after five years. How much is written off each year?",
        "3000",
    ),
    one(
        "Which statement",
        "Which statement shows what a firm owns and owes on one day?",
        "Income statement",
        "*Balance sheet",
        "Cash flow statement",
        "Trial balance",
    ),
)

FINAL = (
    *LEDGERS[:3],
    essay(
        "A missing receipt",
        "A receipt for 48.20 is missing at the end of the month. Describe in a few sentences what you do, "
        "and what you write in the books meanwhile.",
    ),
)
