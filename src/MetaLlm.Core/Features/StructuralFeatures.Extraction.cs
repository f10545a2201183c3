using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace MetaLlm.Core.Features;

public static partial class StructuralFeatures
{
    private const int CountedWords = 1024;
    private const double LargestNumber = 1e15;

    private static readonly FrozenSet<string> StopWords = new[]
    {
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does", "for", "from", "had", "has", "have",
        "he", "her", "his", "how", "i", "if", "in", "is", "it", "its", "my", "not", "of", "on", "or", "she", "so", "that", "the",
        "their", "them", "then", "there", "they", "this", "to", "was", "we", "were", "what", "when", "which", "who", "will",
        "with", "would", "you", "your",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StopWordLookup =
        StopWords.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads the features off a text. Counts are ln(1 + n), shares are 0 to 1; every entry is finite for every text.</summary>
    /// <param name="text">Any text, the empty one and broken UTF-16 included.</param>
    /// <param name="destination">
    /// Receives <see cref="Count"/> entries: length, words, mean word length, share of digits, of upper-case letters, of punctuation;
    /// lines, question marks, maths marks, code marks, numbers, largest number, longest word, share of distinct words,
    /// option markers, share outside ASCII, sentences, share of stop words, quotation marks.
    /// </param>
    public static void Extract(ReadOnlySpan<char> text, Span<float> destination)
    {
        if (destination.Length < Count)
        {
            throw new ArgumentException($"destination has {destination.Length} entries; {Count} are needed.", nameof(destination));
        }

        var marks = CountMarks(text);
        var words = CountWords(text);
        var length = Math.Max(1, text.Length);
        destination[0] = Log(text.Length);
        destination[1] = Log(words.Total);
        destination[2] = words.Total == 0 ? 0 : (float)words.Characters / words.Total;
        destination[3] = (float)marks.Digits / length;
        destination[4] = (float)marks.Upper / length;
        destination[5] = (float)marks.Punctuation / length;
        destination[6] = Log(marks.Lines);
        destination[7] = Log(marks.Questions);
        destination[8] = Log(marks.Maths);
        destination[9] = Log(marks.Code);
        destination[10] = Log(marks.Numbers);
        destination[11] = Log(marks.Largest);
        destination[12] = Log(words.Longest);
        destination[13] = words.Counted == 0 ? 1 : (float)words.Distinct / words.Counted;
        destination[14] = Log(marks.Options);
        destination[15] = (float)marks.NonAscii / length;
        destination[16] = Log(marks.Sentences);
        destination[17] = words.Total == 0 ? 0 : (float)words.Stop / words.Total;
        destination[18] = Log(marks.Quotes);
    }

    private static float Log(double count) => (float)Math.Log(1 + count);

    private static Marks CountMarks(ReadOnlySpan<char> text)
    {
        var marks = new Marks();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (char.IsAsciiDigit(c))
            {
                marks.Digits++;
                if (i == 0 || !char.IsAsciiDigit(text[i - 1]))
                {
                    marks.Numbers++;
                    marks.Largest = Math.Max(marks.Largest, NumberAt(text[i..]));
                }
            }

            marks.NonAscii += c > 127 ? 1 : 0;
            marks.Upper += char.IsUpper(c) ? 1 : 0;
            marks.Punctuation += char.IsPunctuation(c) ? 1 : 0;
            marks.Lines += c == '\n' ? 1 : 0;
            marks.Questions += c is '?' or '？' ? 1 : 0;
            marks.Maths += char.GetUnicodeCategory(c) == UnicodeCategory.MathSymbol || c is '*' or '/' or '^' or '%' or '$' or '\\' ? 1 : 0;
            marks.Code += c is '{' or '}' or ';' or '_' or '`' or '[' or ']' or '#' or '@' ? 1 : 0;
            marks.Quotes += c is '"' or '\'' or '“' or '”' or '‘' or '’' or '«' or '»' ? 1 : 0;
            marks.Sentences += c is '.' or '!' or '?' && (next == '\0' || char.IsWhiteSpace(next)) ? 1 : 0;
            marks.Options += IsOptionMarker(text, i) ? 1 : 0;
        }

        return marks;
    }

    // "A." "b)" "(3)" at the start of a line or after a blank: the enumerated answers of a multiple-choice question.
    private static bool IsOptionMarker(ReadOnlySpan<char> text, int i)
    {
        if (!char.IsAsciiLetterOrDigit(text[i]) || i + 1 >= text.Length || text[i + 1] is not (')' or '.' or ':'))
        {
            return false;
        }

        var start = i > 0 && text[i - 1] == '(' ? i - 1 : i;
        return start == 0 || text[start - 1] == '\n' || (text[i + 1] == ')' && char.IsWhiteSpace(text[start - 1]));
    }

    private static double NumberAt(ReadOnlySpan<char> text)
    {
        var value = 0.0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c) || value >= LargestNumber)
            {
                break;
            }

            value = (value * 10) + (c - '0');
        }

        return Math.Min(value, LargestNumber);
    }

    private static Words CountWords(ReadOnlySpan<char> text)
    {
        Span<uint> seen = stackalloc uint[2 * CountedWords]; // all zero, as locals of this assembly are
        var words = new Words();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (char.IsLetterOrDigit(text[i]) || !Rune.IsValid(text[i])))
            {
                start = start < 0 ? i : start;
                continue;
            }

            if (start >= 0)
            {
                Take(text[start..i], ref words, seen);
                start = -1;
            }
        }

        return words;
    }

    private static void Take(ReadOnlySpan<char> word, ref Words words, Span<uint> seen)
    {
        words.Total++;
        words.Characters += word.Length;
        words.Longest = Math.Max(words.Longest, word.Length);
        words.Stop += StopWordLookup.Contains(word) ? 1 : 0;
        if (words.Counted == CountedWords)
        {
            return;
        }

        words.Counted++;
        words.Distinct += Remember(Hash(word), seen) ? 1 : 0;
    }

    // FNV-1a over the lower-cased characters; 0 marks a free slot and is therefore never a hash.
    private static uint Hash(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var c in word)
        {
            hash = (hash ^ char.ToLowerInvariant(c)) * 16777619u;
        }

        return hash == 0 ? 1 : hash;
    }

    private static bool Remember(uint hash, Span<uint> seen)
    {
        var slot = (int)(hash % (uint)seen.Length);
        while (seen[slot] != 0)
        {
            if (seen[slot] == hash)
            {
                return false;
            }

            slot = (slot + 1) % seen.Length;
        }

        seen[slot] = hash;
        return true;
    }

    private struct Marks
    {
        public int Digits, Upper, Punctuation, Lines, Questions, Maths, Code, Numbers, Options, NonAscii, Sentences, Quotes;
        public double Largest;
    }

    private struct Words
    {
        public int Total, Characters, Longest, Stop, Counted, Distinct;
    }
}
