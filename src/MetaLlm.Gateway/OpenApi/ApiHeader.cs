namespace MetaLlm.Gateway.OpenApi;

/// <summary>A header as the API's description has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says, and what is legal.</param>
internal sealed record ApiHeader(string Name, string Description);
