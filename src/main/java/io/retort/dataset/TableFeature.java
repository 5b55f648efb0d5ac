package io.retort.dataset;

/**
 * A feature of a table: a column, or a number in a column's lists.
 *
 * @param element which number of a cell, row-major from 0
 */
record TableFeature(TableColumn column, int element) {

  String name() {
    return column.elementName(element);
  }
}
