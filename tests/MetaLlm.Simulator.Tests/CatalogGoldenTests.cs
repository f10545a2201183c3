namespace MetaLlm.Simulator.Tests;

/// <summary>
/// Answers worked out apart from the generators: programs were run by Python, dates by its calendar, puzzles by brute force,
/// the rest by hand. They also pin the catalogue of seed 1.
/// </summary>
public class CatalogGoldenTests
{
    private static readonly TaskCatalog Catalog = TaskCatalog.Create(1);

    [Theory]
    [InlineData("A depot receives 30 boxes a week, each with 23 lamps, for 4 weeks. 63 turn out broken, and Lena and Greta take 15 each. How many lamps are left?", "2667")]
    [InlineData("What day of the week was or will be 2022-09-08?", "Thursday")]
    [InlineData("A permit issued on 14 August 2017 ends exactly 977 days later. On which date, as YYYY-MM-DD?", "2020-04-17")]
    [InlineData("Anna needs 85 grams and already has 7 ounces. If one of the ounces is 28.35 grams, how many grams are missing or spare, rounded to two decimals (without a sign)?", "113.45")]
    [InlineData("What is the sentiment of this comment: positive, negative or neutral? \"I wanted to find a fault with my vacuum cleaner, tried all summer, and have to report complete failure.\"", "positive")]
    [InlineData("Give the output of the following Python code.\n```python\ndef f(k):\n    if k < 2:\n        return 4\n    return f(k - 2) + k\nprint(f(16) * f(15))\n```", "5092")]
    [InlineData("What does this Python program print?\n```python\ncount = 0\nfor i in range(10):\n    for j in range(i, 12):\n        count += j if (i + j) % 3 == 0 else 1\nprint(count)\n```", "227")]
    [InlineData("Ines is faster than Hugo. Zoe is not faster than Kaito, and they differ. Zoe is faster than Ines. Kaito is not faster than Ben, and they differ. Who is the fourth fastest?", "Ines")]
    [InlineData("Reverse \"penguinplanetoxygen\", then strip all of a, e, i, o, u.", "ngyxtnlpngnp")]
    [InlineData("In the list 165, 185, 19, 128, 146, 171, 49, 124, 28, 110, 123, 61, 181, find the 6th smallest value.", "123")]
    [InlineData("What is term number 15 of the sequence that begins 30, 34, 44, 66, 106, 170?", "2816")]
    [InlineData("Translate these German words to French, in order, separated by commas: Feuer, Zucker, Käse, grün.", "feu, sucre, fromage, vert")]
    public void Answers_agree_with_an_independent_computation(string prompt, string answer)
    {
        Assert.True(Catalog.TryFind(prompt, out var task));
        Assert.Equal(answer, task.Answer);
    }
}
