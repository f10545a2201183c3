namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>What became of a feature.</summary>
/// <param name="Text">What the table says.</param>
/// <param name="Note">Why not; null where the text says it all.</param>
internal sealed record Cell(string Text, string? Note = null)
{
    public static Cell Yes { get; } = new("yes");

    public static Cell Of(Unmet unmet) => new("no", unmet.Message) { MayBeHaste = true };

    /// <summary>Whether another try may tell something else: there was an answer, and something of it was missing or late. What was refused is refused again.</summary>
    public bool MayBeHaste { get; init; }

    public static Cell Of(Refused refused) => Of(refused.Status, refused.Code, refused.Param, refused.Said);

    /// <summary>What an error says: a clear one names the field.</summary>
    public static Cell Of(HttpStatusCode status, string? code, string? param, string? said) =>
        status == HttpStatusCode.BadRequest && param is not null ? new Cell($"400 `{param}`", said) : new Cell("no", $"{(int)status} `{code}`: {said}");

    /// <summary>Tries three times what lacks something: on a busy machine pieces of a stream arrive together, and a wait takes longer than a client has patience.</summary>
    public static async Task<Cell> PatientlyAsync(Func<Task<Cell>> tryAsync)
    {
        var cell = await tryAsync();
        for (var tries = 1; tries < 3 && cell.MayBeHaste; tries++)
        {
            cell = await tryAsync();
        }

        return cell;
    }

    /// <summary>Tries a feature.</summary>
    public static async Task<Cell> OfAsync(Feature feature, Probe probe)
    {
        try
        {
            await feature.TryAsync(probe);
            return Yes;
        }
        catch (Refused refused)
        {
            return Of(refused);
        }
        catch (Unmet unmet)
        {
            return Of(unmet);
        }
        catch (LeftOut)
        {
            return new Cell("left out");
        }
    }
}
