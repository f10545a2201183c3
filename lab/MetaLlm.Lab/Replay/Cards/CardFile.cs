using System.Text.Json;
using MetaLlm.Core.Arms;
using MetaLlm.Lab.Replay.Datasets;

namespace MetaLlm.Lab.Replay.Cards;

/// <summary>Reads cards as a configuration has them: an object of cards by model.</summary>
internal static class CardFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads the file.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="dataset">The models that it may name.</param>
    /// <exception cref="BadInputException">It does not exist, is no JSON, or names a model that is not there.</exception>
    public static IReadOnlyDictionary<string, ModelCard> Read(string file, ReplayDataset dataset)
    {
        if (!File.Exists(file))
        {
            throw new BadInputException($"--cards: there is no file {file}; {PlayedCards.Own}, {PlayedCards.Shuffled} or a file of cards by model is legal.");
        }

        try
        {
            var cards = JsonSerializer.Deserialize<Dictionary<string, ModelCard>>(File.ReadAllBytes(file), Options) ?? [];
            var unknown = cards.Keys.Except(dataset.Arms.Select(arm => arm.Id)).ToArray();
            return unknown.Length == 0
                ? cards
                : throw new BadInputException([.. unknown.Select(id => $"{file}: there is no model {id} in {dataset.Name}; its models are {string.Join(", ", dataset.Arms.Select(arm => arm.Id))}.")]);
        }
        catch (JsonException error)
        {
            throw new BadInputException($"{file}:{error.LineNumber + 1}: not cards by model: {error.Message}");
        }
    }
}
