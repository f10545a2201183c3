namespace MetaLlm.Simulator.Tasks;

/// <summary>The kinds of query the catalogue holds. Model skill is set per kind.</summary>
public enum SimTaskType
{
    /// <summary>Sums, products and short word problems over whole numbers.</summary>
    Arithmetic,

    /// <summary>Calendar reckoning: weekdays, differences, shifted dates.</summary>
    Dates,

    /// <summary>Conversions between units of measure.</summary>
    Units,

    /// <summary>Whether a review is positive, negative or neutral.</summary>
    Sentiment,

    /// <summary>What a short program prints.</summary>
    CodeOutput,

    /// <summary>Orderings, syllogisms, knights and knaves.</summary>
    Logic,

    /// <summary>Reversing, filtering and shifting letters.</summary>
    Strings,

    /// <summary>Sorting, ranking and counting.</summary>
    Counting,

    /// <summary>The next or n-th term of a number sequence.</summary>
    Sequences,

    /// <summary>Translation of a small fixed vocabulary.</summary>
    Translation,
}
