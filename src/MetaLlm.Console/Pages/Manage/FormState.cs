using MetaLlm.Gateway.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>A form that was sent and could not be taken: what was typed, and what is wrong with it.</summary>
/// <param name="Form">The form's name.</param>
/// <param name="Typed">What was typed, by path.</param>
/// <param name="Error">What the gateway says.</param>
internal sealed record FormState(string Form, IReadOnlyDictionary<string, string> Typed, ApiError Error)
{
    /// <summary>Whether the form was only asked about: what was typed is kept, and nothing is wrong.</summary>
    public bool Asked { get; init; }

    /// <summary>Whether somebody changed the tenant while the form was open.</summary>
    public bool WasFaster => Error.Code == ErrorCode.RevisionMismatch;

    /// <summary>What is wrong with a member.</summary>
    /// <param name="path">Its path.</param>
    public IEnumerable<string> Of(string path) => Error.Errors is { } errors
        ? errors.Where(error => IsAt(error.Path, path)).Select(error => error.Problem)
        : Error.Param is { } param && IsAt(param, path) ? [Error.Message] : [];

    /// <summary>What is wrong elsewhere.</summary>
    /// <param name="paths">The members that the form shows.</param>
    public IReadOnlyList<string> Elsewhere(IEnumerable<string> paths)
    {
        var shown = paths.ToList();
        return Error.Errors is { } errors
            ? [.. errors.Where(error => !shown.Any(path => IsAt(error.Path, path))).Select(error => error.ToString())]
            : Error.Param is { } param && shown.Any(path => IsAt(param, path)) ? [] : [Error.Message];
    }

    /// <summary>Paths of the gateway begin at the document's root, and may lead into a member.</summary>
    private static bool IsAt(string found, string path)
    {
        var place = found.StartsWith("$.", StringComparison.Ordinal) ? found[2..] : found;
        return place.Equals(path, StringComparison.OrdinalIgnoreCase)
            || (place.StartsWith(path, StringComparison.OrdinalIgnoreCase) && place[path.Length] is '.' or '[');
    }
}
