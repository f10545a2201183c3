using System.Globalization;
using MetaLlm.Gateway.Contracts;

namespace MetaLlm.Gateway.Http;

/// <summary>Parts of lists, as OpenAI has them.</summary>
internal static class Paging
{
    /// <summary>Reads the parameter <c>limit</c>.</summary>
    /// <exception cref="ApiException">It is illegal.</exception>
    public static int Limit(string? text, int usual, int most) => string.IsNullOrEmpty(text) ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most ? limit
        : throw ApiException.BadField("limit", $"is '{text}'; it must be a whole number from 1 to {most}.");

    /// <summary>Reads the parameter <c>order</c>.</summary>
    /// <returns>Whether the newest come first.</returns>
    /// <exception cref="ApiException">It is illegal.</exception>
    public static bool IsNewestFirst(string? order) => order switch
    {
        null or "" or "desc" => true,
        "asc" => false,
        _ => throw ApiException.BadField("order", $"is '{order}'; it must be asc or desc."),
    };

    /// <summary>Refuses a place in a list that nobody knows: a list that merely ended there would seem to be at its end.</summary>
    /// <param name="after">The parameter <c>after</c>.</param>
    /// <param name="isKnown">Whether something of the list has that id.</param>
    /// <exception cref="ApiException">Nothing has.</exception>
    public static void RequireKnown(string after, bool isKnown)
    {
        if (!isKnown)
        {
            throw ApiException.BadField("after", $"is '{after}', which is no item of the list.");
        }
    }

    /// <summary>Reads a parameter that the store is asked for.</summary>
    /// <returns>It; null where it is missing or empty.</returns>
    /// <exception cref="ApiException">It holds what not every database takes.</exception>
    public static string? Word(string? text, string field) => string.IsNullOrEmpty(text) ? null
        : !text.Contains('\0') ? text
        : throw ApiException.BadField(field, "holds U+0000; every other character is legal.");

    /// <summary>A part.</summary>
    /// <param name="found">Items, one more than the part may have where there are more.</param>
    /// <param name="most">Most items of the part.</param>
    /// <param name="id">An item's id.</param>
    public static ItemListBody<T> Of<T>(List<T> found, int most, Func<T, string> id)
    {
        var page = found.Count > most ? found[..most] : found;
        return new ItemListBody<T> { Data = page, FirstId = page.Count > 0 ? id(page[0]) : null, LastId = page.Count > 0 ? id(page[^1]) : null, HasMore = found.Count > most };
    }
}
