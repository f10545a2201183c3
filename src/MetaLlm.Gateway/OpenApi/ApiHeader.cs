namespace MetaLlm.Gateway.OpenApi;

/// <summary>A header as the API's description has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says, and what is legal.</param>
/// <param name="IsAlways">Of an answer's, whether every answer has it.</param>
internal sealed record ApiHeader(string Name, string Description, bool IsAlways = true);
