namespace MetaLlm.Gateway.Http;

/// <summary>Fields of tables as text.</summary>
internal static class CsvField
{
    /// <summary>A field as RFC 4180 has it. A spreadsheet takes what begins like a formula for one; clients choose the names of tasks.</summary>
    /// <param name="field">What it says.</param>
    public static string Of(string field)
    {
        var safe = field.Length > 0 && field[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + field : field;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
