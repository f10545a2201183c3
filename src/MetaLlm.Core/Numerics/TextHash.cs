namespace MetaLlm.Core.Numerics;

/// <summary>A hash that is the same in every process and at every start: FNV-1a over UTF-16.</summary>
public static class TextHash
{
    /// <summary>Hashes a text.</summary>
    /// <param name="text">The text.</param>
    public static ulong Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 1_099_511_628_211UL;
        }

        return hash;
    }
}
