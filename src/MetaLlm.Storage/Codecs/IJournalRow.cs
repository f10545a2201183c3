namespace MetaLlm.Storage.Codecs;

/// <summary>A row of a journal's table, as either driver gives it; columns count from 0.</summary>
internal interface IJournalRow
{
    bool IsNull(int column);

    bool Flag(int column);

    long Long(int column);

    double Double(int column);

    double? DoubleOrNull(int column);

    string Text(int column);

    /// <summary>Bytes, which are good until the next row is read.</summary>
    ReadOnlySpan<byte> Blob(int column);
}
