"""Ranges of characters by script, written for use within the brackets of a pattern."""

# Each of these stands for a word or a good part of one. The first pair of ranges leaves out the compatibility
# ideographs: NFC replaces all but twelve of them, and the models that count words of blocks were trained so.
KANA_AND_HAN = "\u3040-\u30ff\u3400-\u9fff"
IDEOGRAPHS = KANA_AND_HAN + "\uf900-\ufaff"
HANGUL = "\uac00-\ud7af"
# The same as numbers, first and behind the last: kana, Han, Hangul syllables, compatibility ideographs.
WIDE_RANGES = ((0x3040, 0x3100), (0x3400, 0xA000), (0xAC00, 0xD7B0), (0xF900, 0xFB00))
# From this character on (punctuation of Chinese and Japanese, kana, Han, Hangul), text is not made of alphabets.
CJK_START = "\u3000"

# Scripts written without spaces between words: Thai, Lao, Burmese, Khmer, kana and Han, with the marks that their
# characters carry. Closer than IDEOGRAPHS: only characters that are part of words, and those beyond the basic plane.
DENSE = (
    r"\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ec0-\u0ec6\u1000-\u102a\u1780-\u17b3"
    r"\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
DENSE_MARKS = r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
# Combining marks are not \w for `re`, but without them Hindi, Hebrew or vocalised Arabic would fall apart.
MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a03"
    r"\u0a3c-\u0a51\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bd7\u0c00-\u0c04"
    r"\u0c3c-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d57\u0d82\u0d83\u0dca-\u0ddf"
)
